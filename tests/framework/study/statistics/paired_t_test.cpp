#include "framework/study/statistics/paired_t.h"

#include "tests/framework/study/statistics/stored_cases.h"

using namespace mtl;

TEST_CASE("the paired t-test agrees with SciPy") {
  for (const auto& stored : test::stored_cases("paired_t")) {
    INFO(stored.dump());
    const PairedT found = paired_t(test::numbers(stored["differences"]));
    CHECK(test::is_close(found.mean, stored["mean"]));
    CHECK(test::is_close(found.t, stored["t"]));
    CHECK(found.degrees_of_freedom == stored["df"]);
    CHECK(test::is_same_p(found.p, stored["p"]));
    CHECK(test::is_close(found.interval.low, stored["low"]));
    CHECK(test::is_close(found.interval.high, stored["high"]));
  }
}

TEST_CASE("the paired t-test by hand: 1, 2, 3 has t = 2 / (1 / sqrt 3)") {
  const PairedT found = paired_t({1, 2, 3});
  CHECK(found.mean == doctest::Approx(2));
  CHECK(found.t == doctest::Approx(2 * std::sqrt(3.0)));
  // t_2's distribution is elementary: p = 1 - t / sqrt(2 + t^2).
  CHECK(found.p == doctest::Approx(1 - found.t / std::sqrt(2 + found.t * found.t)));
  CHECK(found.interval.high == doctest::Approx(2 + 4.302653 / std::sqrt(3.0)));
}

TEST_CASE("the paired t-test of differences that are all equal") {
  const PairedT none = paired_t({0, 0, 0});
  CHECK(none.p == 1);
  CHECK(none.t == 0);
  CHECK(none.interval.high == 0);
  const PairedT some = paired_t({-0.1, -0.1, -0.1});
  CHECK(some.p == 0);
  CHECK(some.mean == -0.1);
  CHECK(some.interval.low == -0.1);
  CHECK(some.interval.high == -0.1);
  CHECK(some.t < 0);
}

TEST_CASE("the paired t-test is not defined for fewer than two pairs") {
  for (const std::vector<double>& few : {std::vector<double>{}, std::vector<double>{0.3}}) {
    const PairedT found = paired_t(few);
    CHECK(std::isnan(found.p));
    CHECK(std::isnan(found.t));
    CHECK(std::isnan(found.interval.low));
    CHECK(std::isnan(found.interval.high));
  }
  CHECK(paired_t({0.3}).mean == 0.3);
  CHECK(std::isnan(paired_t({0.3, std::nan("")}).p));
}
