#include "framework/data/batch.h"

namespace mtl {

void Batch::to(const at::Device& device) {
  if (device.is_cpu()) return;
  const auto move = [&](at::Tensor& tensor) {
    tensor = tensor.to(device, tensor.scalar_type(), /*non_blocking=*/true);
  };
  move(images);
  for (at::Tensor& target : targets) move(target);
  for (at::Tensor& mask : labelled) move(mask);
}

}  // namespace mtl
