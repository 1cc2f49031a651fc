#pragma once

#include <ATen/core/Tensor.h>
#include <ATen/ops/empty.h>

#include "backbones/efficientnet/kernels/layout.h"
#include "mtl/parallel.h"

namespace efficientnet::fused {

using mtl::over_slots;
using mtl::slots_for;

inline kernels::Range share(int64_t work, int slot, int slots) {
  const mtl::Share part = mtl::share_of(work, slot, slots);
  return {part.begin, part.end};
}

/// Memory for every slot, each on a 64-byte boundary of its own.
class SlotMemory {
 public:
  SlotMemory(int slots, int64_t floats) : memory_(at::empty({slots, kernels::padded(floats)}, at::kFloat)) {}
  float* of(int slot) const { return memory_.data_ptr<float>() + slot * memory_.size(1); }

 private:
  at::Tensor memory_;
};

}  // namespace efficientnet::fused
