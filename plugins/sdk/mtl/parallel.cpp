#include "mtl/parallel.h"

#include <ATen/Parallel.h>
#include <omp.h>

#include <algorithm>

namespace mtl {

int slots_for(int64_t work, int64_t least) {
  return static_cast<int>(std::clamp<int64_t>(work / std::max<int64_t>(least, 1), 1, at::get_num_threads()));
}

void over_slots(int slots, const std::function<void(int slot)>& body) {
  if (slots == 1) return body(0);
    // LibTorch may have been built with another OpenMP library than this one: the number of threads is passed on by
    // hand.
#pragma omp parallel num_threads(slots)
  for (int slot = omp_get_thread_num(); slot < slots; slot += omp_get_num_threads()) body(slot);
}

}  // namespace mtl
