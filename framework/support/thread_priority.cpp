#include "framework/support/thread_priority.h"

#include <sys/resource.h>
#include <unistd.h>

namespace mtl {

void give_way_to_computing() {
#ifdef __linux__
  constexpr int lower = 10;                                           // of 19
  ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), lower);  // on Linux a thread has its own
#endif
}

}  // namespace mtl
