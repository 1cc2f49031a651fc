#include "framework/support/thread_priority.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <thread>

TEST_CASE("a thread gives way by itself; the others keep their priority") {
#ifdef __linux__
  const auto priority = [] { return ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid())); };
  const int before = priority();
  int lowered = 0;
  std::thread([&] {
    mtl::give_way_to_computing();
    lowered = priority();
  }).join();
  CHECK(lowered == 10);
  CHECK(priority() == before);
#else
  MESSAGE("skipped: only Linux gives each thread a priority of its own");
#endif
}
