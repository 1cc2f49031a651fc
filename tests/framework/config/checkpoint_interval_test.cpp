#include "framework/config/checkpoint_interval.h"

#include <doctest/doctest.h>

using namespace mtl;

TEST_CASE("intervals of time, steps and epochs are read") {
  const auto is = [](const char* text, int64_t count, IntervalUnit unit) {
    const auto interval = parse_interval(text);
    return interval && interval->count == count && interval->unit == unit;
  };
  CHECK(is("5min", 300, IntervalUnit::seconds));
  CHECK(is("30 s", 30, IntervalUnit::seconds));
  CHECK(is("2h", 7200, IntervalUnit::seconds));
  CHECK(is("200 steps", 200, IntervalUnit::steps));
  CHECK(is("1 step", 1, IntervalUnit::steps));
  CHECK(is("1 epoch", 1, IntervalUnit::epochs));
  CHECK(is("3epochs", 3, IntervalUnit::epochs));
  CHECK(is("1000000000 steps", 1'000'000'000, IntervalUnit::steps));
}

TEST_CASE("what is no interval is none") {
  for (const char* text : {"", "5", "min", "0 steps", "-1 steps", "1.5h", "5 minutes and more", "5min ",
                           "1000000001 steps", "99999999999999999999 s", "5 Min", " 5min"})
    CHECK_MESSAGE(!parse_interval(text), text);
}
