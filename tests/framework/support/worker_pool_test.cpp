#include "framework/support/worker_pool.h"

#include <doctest/doctest.h>

#include <atomic>
#include <latch>
#include <vector>

using mtl::WorkerPool;

TEST_CASE("jobs begin in the order given, and those that wait are done before the pool is gone") {
  std::vector<int> done;
  {
    WorkerPool pool(1);
    std::latch all_given(1);
    pool.add([&] { all_given.wait(); });
    for (int i = 0; i < 100; ++i) pool.add([&, i] { done.push_back(i); });
    all_given.count_down();
  }
  REQUIRE(done.size() == 100);
  for (int i = 0; i < 100; ++i) CHECK(done[static_cast<size_t>(i)] == i);
}

TEST_CASE("jobs run side by side") {
  WorkerPool pool(3);
  std::latch met(3);
  for (int i = 0; i < 3; ++i) pool.add([&] { met.arrive_and_wait(); });
  met.wait();  // for ever, if one thread did all three
}

TEST_CASE("for_each meets every number once, with any number of threads") {
  for (const int threads : {0, 1, 4})
    for (const size_t count : {size_t{0}, size_t{1}, size_t{1000}}) {
      CAPTURE(threads);
      WorkerPool pool(threads);
      std::vector<std::atomic<int>> met(count);
      pool.for_each(count, [&](size_t i) { ++met[i]; });
      for (const auto& times : met) CHECK(times == 1);
    }
}
