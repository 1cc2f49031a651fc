#include "framework/api/compute_thread.h"

#include <doctest/doctest.h>

#include <set>
#include <stdexcept>
#include <vector>

using mtl::ComputeThread;

TEST_CASE("all work is done on one thread, and its result or failure comes back to who asked") {
  ComputeThread network;
  const auto where = network.run([] { return std::this_thread::get_id(); });
  CHECK(where != std::this_thread::get_id());
  CHECK(network.run([] { return std::this_thread::get_id(); }) == where);
  CHECK_THROWS_WITH_AS(network.run([]() -> int { throw std::runtime_error("no memory"); }), "no memory",
                       std::runtime_error);
  CHECK(network.run([] { return 7; }) == 7);
}

TEST_CASE("of many callers at once each gets its own result, and no two run at a time") {
  ComputeThread network;
  int inside = 0;
  bool overlapped = false;
  std::vector<std::vector<int>> results(8);
  std::vector<std::thread> callers;
  for (size_t caller = 0; caller < results.size(); ++caller)
    callers.emplace_back([&, caller] {
      for (int i = 0; i < 200; ++i)
        results[caller].push_back(network.run([&, i] {
          overlapped = overlapped || inside++ != 0;
          --inside;
          return static_cast<int>(caller) * 1000 + i;
        }));
    });
  for (std::thread& caller : callers) caller.join();
  CHECK_FALSE(overlapped);
  for (size_t caller = 0; caller < results.size(); ++caller)
    for (int i = 0; i < 200; ++i) CHECK(results[caller][static_cast<size_t>(i)] == static_cast<int>(caller) * 1000 + i);
}
