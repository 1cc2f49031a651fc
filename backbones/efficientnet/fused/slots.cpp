#include "backbones/efficientnet/fused/slots.h"

#include <omp.h>

namespace efficientnet::fused {

void over_slots(int slots, const std::function<void(int slot)>& body) {
  if (slots == 1) return body(0);
#pragma omp parallel num_threads(slots)
  for (int slot = omp_get_thread_num(); slot < slots; slot += omp_get_num_threads()) body(slot);
}

}  // namespace efficientnet::fused
