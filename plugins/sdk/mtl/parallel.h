#pragma once

#include <cstdint>
#include <functional>

#include "mtl/export.h"

/// @file
/// Work split among the processor's threads. What a slot computes depends on the number of slots alone, never on which
/// thread ran it: the same number of threads gives the same bits.
namespace mtl {

/// As many slots as LibTorch has threads, but none with less than `least` of `work`; at least one.
MTL_API int slots_for(int64_t work, int64_t least);

/// Half-open.
struct Share {
  int64_t begin;
  int64_t end;
};
/// The part of 0 .. work that a slot does; parts differ by one at most.
inline Share share_of(int64_t work, int slot, int slots) { return {work * slot / slots, work * (slot + 1) / slots}; }

/// Calls body(slot) for slot = 0 .. slots-1, on as many threads; body must not throw. Another way than
/// at::parallel_for, which runs serially in every file that was compiled without OpenMP.
MTL_API void over_slots(int slots, const std::function<void(int slot)>& body);

}  // namespace mtl
