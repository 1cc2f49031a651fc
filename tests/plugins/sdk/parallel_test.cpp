#include "mtl/parallel.h"

#include <ATen/Parallel.h>
#include <doctest/doctest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

using namespace mtl;

TEST_CASE("shares meet end to end and differ by one at most") {
  for (const int64_t work : {0, 1, 7, 64})
    for (const int slots : {1, 2, 5}) {
      int64_t end = 0;
      for (int slot = 0; slot < slots; ++slot) {
        const Share share = share_of(work, slot, slots);
        CHECK(share.begin == end);
        end = share.end;
        CHECK(share.end - share.begin >= work / slots);
        CHECK(share.end - share.begin <= work / slots + 1);
      }
      CHECK(end == work);
    }
}

TEST_CASE("no slot has less than the least of the work") {
  const int threads = at::get_num_threads();
  at::set_num_threads(4);
  CHECK(slots_for(1000, 10) == 4);
  CHECK(slots_for(25, 10) == 2);
  CHECK(slots_for(9, 10) == 1);
  CHECK(slots_for(0, 10) == 1);
  at::set_num_threads(threads);
}

TEST_CASE("every slot runs once, on threads of its own") {
  std::vector<std::atomic<int>> runs(3);
  std::vector<std::thread::id> threads(3);
  over_slots(3, [&](int slot) {
    ++runs[static_cast<size_t>(slot)];
    threads[static_cast<size_t>(slot)] = std::this_thread::get_id();
  });
  for (const auto& count : runs) CHECK(count == 1);
  CHECK(std::set<std::thread::id>(threads.begin(), threads.end()).size() == 3);
}
