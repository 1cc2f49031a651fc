#include "framework/train/schedule.h"

#include <doctest/doctest.h>

#include <cmath>

using namespace mtl;

namespace {

ScheduleSettings settings(const char* kind, double warmup) {
  ScheduleSettings s;
  s.kind = kind;
  s.warmup_epochs = warmup;
  return s;
}

}  // namespace

TEST_CASE("the warm-up rises linearly and ends at one") {
  const ScheduleSettings s = settings("constant", 0.5);
  CHECK(learning_rate_share(s, 0, 10, 4) == doctest::Approx(0.2));
  CHECK(learning_rate_share(s, 4, 10, 4) == doctest::Approx(1));
  CHECK(learning_rate_share(s, 30, 10, 4) == 1);
  CHECK(learning_rate_share(settings("constant", 0), 0, 10, 4) == 1);
}

TEST_CASE("half a cosine from one to the final share") {
  ScheduleSettings s = settings("cosine", 0);
  s.final_share = 0.1;
  CHECK(learning_rate_share(s, 0, 10, 10) == doctest::Approx(1));
  CHECK(learning_rate_share(s, 99, 10, 10) == doctest::Approx(0.1));
  // 0.1 + 0.9 * (1 + cos(pi * 33/99)) / 2 = 0.1 + 0.9 * 0.75
  CHECK(learning_rate_share(s, 33, 10, 10) == doctest::Approx(0.775));
  for (int64_t step = 1; step < 100; ++step)
    CHECK(learning_rate_share(s, step, 10, 10) < learning_rate_share(s, step - 1, 10, 10));
}

TEST_CASE("steps come after whole epochs") {
  ScheduleSettings s = settings("step", 0);
  s.step_epochs = 2;
  s.step_factor = 0.5;
  CHECK(learning_rate_share(s, 19, 10, 6) == 1);
  CHECK(learning_rate_share(s, 20, 10, 6) == 0.5);
  CHECK(learning_rate_share(s, 59, 10, 6) == 0.25);
}

TEST_CASE("a run of a single step has a learning rate") {
  CHECK(std::isfinite(learning_rate_share(settings("cosine", 0), 0, 1, 1)));
}
