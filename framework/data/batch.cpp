#include "framework/data/batch.h"

#include <torch/types.h>

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

bool Batch::keep_readable() {
  if (readable.empty()) return true;
  std::vector<int64_t> places;
  std::vector<size_t> kept;
  for (size_t i = 0; i < rows.size(); ++i) {
    if (!readable[i]) continue;
    places.push_back(static_cast<int64_t>(i));
    kept.push_back(rows[i]);
  }
  rows = kept;
  readable.clear();
  if (places.empty()) return false;
  const at::Tensor index = torch::tensor(places);
  const auto keep = [&](at::Tensor& tensor) {
    if (tensor.defined()) tensor = tensor.index_select(0, index.to(tensor.device()));
  };
  keep(images);
  if (features) {
    keep(features->map);
    keep(features->pooled);
  }
  for (at::Tensor& target : targets) keep(target);
  for (at::Tensor& mask : labelled) keep(mask);
  return true;
}

}  // namespace mtl
