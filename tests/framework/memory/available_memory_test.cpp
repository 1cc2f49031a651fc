#include "framework/memory/available_memory.h"

#include <doctest/doctest.h>

#include <cstdint>

#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

const char* const machine =
    "MemTotal:       24616668 kB\nMemFree:        100 kB\nMemAvailable:   2000 kB\n"
    "SwapTotal:      4000 kB\nSwapFree:       500 kB\nHugePages_Total:       0\n";

}  // namespace

TEST_CASE("what the machine has, with its swap space") {
  const test::TemporaryFolder root;
  CHECK(available_memory(root.path()) == SIZE_MAX);  // it does not say
  root.write("proc/meminfo", machine);
  CHECK(available_memory(root.path()) == 2500 * 1024);
}

TEST_CASE("the least of what the control groups allow, but for files that are only kept at hand") {
  const test::TemporaryFolder root;
  root.write("proc/meminfo", machine);
  root.write("proc/self/cgroup", "0::/user.slice/job\n");
  root.write("sys/fs/cgroup/user.slice/job/memory.max", "max\n");
  root.write("sys/fs/cgroup/user.slice/job/memory.current", "900000\n");
  CHECK(available_memory(root.path()) == 2500 * 1024);
  root.write("sys/fs/cgroup/user.slice/memory.max", "1000000\n");  // that of the group around it
  root.write("sys/fs/cgroup/user.slice/memory.current", "950000\n");
  CHECK(available_memory(root.path()) == 50000);
  root.write("sys/fs/cgroup/user.slice/memory.stat", "anon 150000\nactive_file 300000\ninactive_file 500000\n");
  CHECK(available_memory(root.path()) == 850000);
  root.write("sys/fs/cgroup/user.slice/memory.current", "2000000\n");  // more than the limit
  CHECK(available_memory(root.path()) == 0);
  root.write("sys/fs/cgroup/memory.max", "7\n");  // a container's
  root.write("sys/fs/cgroup/memory.current", "0\n");
  root.write("proc/self/cgroup", "0::/\n");
  CHECK(available_memory(root.path()) == 7);
}

TEST_CASE("this machine has some") { CHECK(available_memory() > 1 << 20); }
