#pragma once

#include <ATen/Parallel.h>
#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <functional>

#include "backbones/efficientnet/kernels/layout.h"

/// Work split among threads. What a slot computes depends on the number of slots alone, never on which thread ran it:
/// the same number of threads gives the same bits.
namespace efficientnet::fused {

/// As many slots as LibTorch has threads, but none with less than `least` of `work`.
inline int slots_for(int64_t work, int64_t least) {
  return static_cast<int>(std::clamp<int64_t>(work / std::max<int64_t>(least, 1), 1, at::get_num_threads()));
}

inline kernels::Range share(int64_t work, int slot, int slots) {
  return {work * slot / slots, work * (slot + 1) / slots};
}

/// Calls body(slot) for every slot, on as many threads. LibTorch's own parallel loop would follow the OpenMP library
/// that LibTorch was built with, which may be another than this plugin's; so the number of threads is passed on by
/// hand.
void over_slots(int slots, const std::function<void(int slot)>& body);

/// Memory for every slot, each on a 64-byte boundary of its own.
class SlotMemory {
 public:
  SlotMemory(int slots, int64_t floats) : memory_(at::empty({slots, kernels::padded(floats)}, at::kFloat)) {}
  float* of(int slot) const { return memory_.data_ptr<float>() + slot * memory_.size(1); }

 private:
  at::Tensor memory_;
};

}  // namespace efficientnet::fused
