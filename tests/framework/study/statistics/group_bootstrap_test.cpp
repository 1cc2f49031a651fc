#include "framework/study/statistics/group_bootstrap.h"

#include "framework/support/random.h"
#include "mtl/error.h"
#include "tests/framework/study/statistics/stored_cases.h"

using namespace mtl;

TEST_CASE("the bootstrap's interval is NumPy's but for the draws") {
  for (const auto& stored : test::stored_cases("group_bootstrap")) {
    INFO(stored.dump());
    const double low = stored["low"], high = stored["high"];
    const Interval found = bootstrap_groups(test::numbers(stored["sums"]), test::numbers(stored["images"]), 1);
    // A percentile from 10 000 draws has a standard error of 0.7 % of the width, one from 40 000 half of it.
    const double tolerance = 0.04 * (high - low);
    CHECK(std::abs(found.low - low) < tolerance);
    CHECK(std::abs(found.high - high) < tolerance);
  }
}

TEST_CASE("the bootstrap draws whole groups: images of one part say no more than one of them") {
  Generator generator(3);
  std::vector<double> one, four;
  for (int group = 0; group < 100; ++group) {
    one.push_back(generator.chance(0.5));
    four.push_back(4 * one.back());
  }
  const Interval of_one = bootstrap_groups(one, std::vector<double>(100, 1), 1);
  const Interval of_four = bootstrap_groups(four, std::vector<double>(100, 4), 1);
  CHECK(of_four.low == doctest::Approx(of_one.low));
  CHECK(of_four.high == doctest::Approx(of_one.high));
}

TEST_CASE("the bootstrap by hand") {
  const Interval same = bootstrap_groups({1, 2, 3}, {2, 4, 6}, 1);
  CHECK(same.low == 0.5);
  CHECK(same.high == 0.5);
  const Interval coin = bootstrap_groups({0, 1}, {1, 1}, 1);  // 0, 1/2, 1 with 1/4, 1/2, 1/4
  CHECK(coin.low == 0);
  CHECK(coin.high == 1);
  const Interval weighed = bootstrap_groups({0, 1}, {9, 1}, 1);  // the mean of both is 1 of 10
  CHECK(weighed.low == 0);
  CHECK(weighed.high == 1);
}

TEST_CASE("the bootstrap's draws are those of its seed") {
  const std::vector<double> sums{0, 3, 1, 2, 5, 0, 4, 2, 1, 3, 7, 2}, images{4, 6, 2, 5, 8, 1, 9, 3, 2, 7, 9, 5};
  CHECK(bootstrap_groups(sums, images, 7, 500).low == bootstrap_groups(sums, images, 7, 500).low);
  CHECK(bootstrap_groups(sums, images, 7, 500).low != bootstrap_groups(sums, images, 8, 500).low);
}

TEST_CASE("draws without an image are left out, and nothing comes from nothing") {
  const Interval found = bootstrap_groups({0, 0, 1}, {0, 0, 1}, 1);
  CHECK(found.low == 1);
  CHECK(found.high == 1);
  CHECK(std::isnan(bootstrap_groups({}, {}, 1).low));
  CHECK(std::isnan(bootstrap_groups({0, 0}, {0, 0}, 1).high));
  CHECK(std::isnan(bootstrap_groups({1, std::nan("")}, {1, 1}, 1).low));
  CHECK_THROWS_AS(bootstrap_groups({1}, {1, 2}, 1), Error);
}
