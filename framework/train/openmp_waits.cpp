#include "framework/train/openmp_waits.h"

#include <unistd.h>

#include <cstdlib>

namespace mtl {

void shorten_openmp_waits(char** argv) {
  if (std::getenv("OMP_WAIT_POLICY") || std::getenv("GOMP_SPINCOUNT")) return;
  // What libgomp itself takes where there are more threads than cores.
  ::setenv("GOMP_SPINCOUNT", "1000", 1);
  ::execv("/proc/self/exe", argv);  // where there is no /proc it returns, and the threads spin
}

}  // namespace mtl
