#include "framework/memory/free_runs.h"

#include <doctest/doctest.h>

#include <random>
#include <vector>

using namespace mtl;

TEST_CASE("the first run that is long enough") {
  FreeRuns free(10);
  CHECK(free.take(4)->begin == 0);
  CHECK(free.take(6)->begin == 4);
  CHECK_FALSE(free.take(1));
  free.give_back({2, 4});
  free.give_back({6, 9});
  CHECK(free.take(3)->begin == 6);
  CHECK(free.take(1)->begin == 2);
}

TEST_CASE("a run grows together with free neighbours on either side") {
  FreeRuns free(9);
  for (int i = 0; i < 3; ++i) free.take(3);
  SUBCASE("in order") {
    for (size_t begin : {0, 3, 6}) free.give_back({begin, begin + 3});
  }
  SUBCASE("backwards") {
    for (size_t begin : {6, 3, 0}) free.give_back({begin, begin + 3});
  }
  SUBCASE("into the middle") {
    for (size_t begin : {0, 6, 3}) free.give_back({begin, begin + 3});
  }
  CHECK(free.all() == std::map<size_t, size_t>{{0, 9}});
}

TEST_CASE("no place is given out twice, whatever the order") {
  constexpr size_t size = 200;
  FreeRuns free(size);
  std::vector<bool> taken(size, false);
  std::vector<Run> runs;
  std::mt19937 random(1);
  for (int i = 0; i < 5000; ++i) {
    if (random() % 2 == 0) {
      const auto run = free.take(1 + random() % 20);
      if (!run) continue;
      for (size_t place = run->begin; place < run->end; ++place) {
        REQUIRE_FALSE(taken.at(place));
        taken[place] = true;
      }
      runs.push_back(*run);
    } else if (!runs.empty()) {
      std::swap(runs[random() % runs.size()], runs.back());
      for (size_t place = runs.back().begin; place < runs.back().end; ++place) taken[place] = false;
      free.give_back(runs.back());
      runs.pop_back();
    }
  }
  for (const Run& run : runs) free.give_back(run);
  CHECK(free.all() == std::map<size_t, size_t>{{0, size}});
}

TEST_CASE("no places at all") { CHECK_FALSE(FreeRuns(0).take(1)); }
