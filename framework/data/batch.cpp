#include "framework/data/batch.h"

namespace mtl {

void Batch::to(const at::Device& device) {
  if (device.is_cpu()) return;
  const auto move = [&](at::Tensor& tensor) {
    if (tensor.defined()) tensor = tensor.to(device, tensor.scalar_type(), /*non_blocking=*/true);
  };
  move(images);
  if (features) {
    move(features->map);
    move(features->pooled);
  }
  for (at::Tensor& target : targets) move(target);
  for (at::Tensor& mask : labelled) move(mask);
}

}  // namespace mtl
