#include "framework/data/batch.h"

#include <torch/types.h>

#include <algorithm>
#include <utility>

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

void Batch::select(const std::vector<int64_t>& places) {
  std::vector<size_t> chosen;
  std::vector<bool> chosen_readable;
  for (const int64_t place : places) {
    chosen.push_back(rows[static_cast<size_t>(place)]);
    if (!readable.empty()) chosen_readable.push_back(readable[static_cast<size_t>(place)]);
  }
  rows = std::move(chosen);
  readable = std::move(chosen_readable);
  const at::Tensor index = torch::tensor(places);
  const auto select = [&](at::Tensor& tensor) {
    if (!tensor.defined()) return;
    const at::MemoryFormat order = tensor.suggest_memory_format();
    tensor = tensor.index_select(0, index.to(tensor.device())).contiguous(order);
  };
  select(images);
  if (features) {
    select(features->map);
    select(features->pooled);
  }
  for (at::Tensor& target : targets) select(target);
  for (at::Tensor& mask : labelled) select(mask);
}

bool Batch::keep_readable() {
  if (readable.empty()) return true;
  std::vector<int64_t> places;
  for (size_t i = 0; i < rows.size(); ++i)
    if (readable[i]) places.push_back(static_cast<int64_t>(i));
  select(places);
  readable.clear();
  return !places.empty();
}

int64_t count_parts(const Batch& batch, int64_t parts) {
  return std::clamp(parts, int64_t{1}, std::max(int64_t{1}, batch.size() / 2));
}

Batch part_of(const Batch& batch, int64_t part, int64_t parts) {
  parts = count_parts(batch, parts);
  if (parts == 1) return batch;
  const int64_t size = batch.size(), half = size / 2;
  const int64_t begin = half * part / parts, end = half * (part + 1) / parts;
  std::vector<int64_t> places;
  for (int64_t i = begin; i < end; ++i) places.push_back(i);
  if (size % 2 == 1 && part == parts - 1) places.push_back(half);  // the middle one, its own mirror image
  for (int64_t i = size - end; i < size - begin; ++i) places.push_back(i);
  Batch chosen = batch;
  chosen.select(places);
  for (size_t k = 0; k < chosen.labelled.size(); ++k) chosen.any_labelled[k] = chosen.labelled[k].any().item<bool>();
  return chosen;
}

}  // namespace mtl
