#include "framework/study/statistics/crossed_effects.h"

#include "framework/study/statistics/paired_t.h"
#include "mtl/error.h"
#include "tests/framework/study/statistics/stored_cases.h"

using namespace mtl;

TEST_CASE("crossed effects agree with least squares in NumPy and SciPy's t") {
  for (const auto& stored : test::stored_cases("crossed_effects")) {
    INFO(stored.dump());
    const CrossedEstimate found = crossed_estimate(stored["cells"].get<Cells>());
    CHECK(test::is_close(found.value, stored["value"]));
    CHECK(test::is_close(found.standard_error, stored["se"]));
    CHECK(found.degrees_of_freedom == doctest::Approx(stored["df"].get<double>()).epsilon(1e-6));  // ill-conditioned
    CHECK(test::is_same_p(found.p, stored["p"]));
    CHECK(test::is_close(found.interval.low, stored["low"]));
    CHECK(test::is_close(found.interval.high, stored["high"]));
    CHECK(test::is_close(found.seed_variance, stored["seed"]));
    CHECK(test::is_close(found.group_variance, stored["group"]));
    CHECK(test::is_close(found.residual_variance, stored["residual"]));
  }
}

TEST_CASE("crossed effects by hand") {
  // Means 1 and 3 of seeds, 1, 2 and 3 of groups: MS_S = 3 (1 + 1), MS_G = 2 (1 + 1) / 2; nothing is left.
  const CrossedEstimate found = crossed_estimate({{0, 1, 2}, {2, 3, 4}});
  CHECK(found.value == doctest::Approx(2));
  CHECK(found.standard_error == doctest::Approx(std::sqrt((6.0 + 2) / 6)));
  const double quantile = (6 * 12.706205 + 2 * 4.302653) / 8;  // of t with 1 and with 2 degrees of freedom
  CHECK(found.interval.high == doctest::Approx(2 + quantile * std::sqrt(8.0 / 6)));
  CHECK(found.degrees_of_freedom > 1);
  CHECK(found.degrees_of_freedom < 2);
  CHECK(found.seed_variance == doctest::Approx(2));
  CHECK(found.group_variance == doctest::Approx(1));
  CHECK(found.residual_variance == 0);
}

TEST_CASE("the components make up the variance of the value where none is cut off at 0") {
  const CrossedEstimate e = crossed_estimate({{0, 4, 1, 9}, {3, 6, 6, 13}, {1, 4, 1, 12}});
  REQUIRE(e.seed_variance > 0);
  REQUIRE(e.group_variance > 0);
  CHECK(e.standard_error * e.standard_error ==
        doctest::Approx(e.seed_variance / 3 + e.group_variance / 4 + e.residual_variance / 12));
}

TEST_CASE("one seed cannot tell luck from an effect") {
  const CrossedEstimate found = crossed_estimate({{1, 2, 3, 6}});
  CHECK(found.value == 3);
  CHECK(std::isnan(found.p));
  CHECK(std::isnan(found.standard_error));
  CHECK(std::isnan(found.interval.low));
  CHECK(std::isnan(found.interval.high));
  CHECK(found.group_variance == doctest::Approx(14.0 / 3));
  CHECK(crossed_estimate({{0.5}}).value == 0.5);
  CHECK(std::isnan(crossed_estimate({{0.5}}).p));
}

TEST_CASE("one group cannot tell how much parts differ") {
  const CrossedEstimate found = crossed_estimate({{0.25}, {0.26}, {0.24}});
  CHECK(found.value == doctest::Approx(0.25));
  CHECK(std::isnan(found.p));
  CHECK(std::isnan(found.interval.low));
  CHECK(found.seed_variance == doctest::Approx(1e-4));
}

TEST_CASE("with seeds that repeat each other, crossed effects are the t-test over the groups") {
  const CrossedEstimate found = crossed_estimate({{1, 0, 2, -1, 1}, {1, 0, 2, -1, 1}, {1, 0, 2, -1, 1}});
  const PairedT expected = paired_t({1, 0, 2, -1, 1});
  CHECK(found.p == doctest::Approx(expected.p));
  CHECK(found.degrees_of_freedom == doctest::Approx(4));
  CHECK(found.interval.high == doctest::Approx(expected.interval.high));
}

TEST_CASE("where nothing varies, luck cannot be told, but for no difference at all") {
  const CrossedEstimate none = crossed_estimate({{0, 0, 0}, {0, 0, 0}});
  CHECK(none.p == 1);
  CHECK(none.interval.low == 0);
  CHECK(none.interval.high == 0);
  const CrossedEstimate some = crossed_estimate(Cells(3, std::vector<double>(7, 0.1)));  // their mean is rounded
  CHECK(some.value == doctest::Approx(0.1));
  CHECK(std::isnan(some.p));
  CHECK(std::isnan(some.interval.high));
}

TEST_CASE("seeds whose means agree by chance are not taken for certainty") {
  const CrossedEstimate found = crossed_estimate({{1, 0, 1, 0}, {0, 1, 0, 1}, {1, 1, 0, 0}});
  CHECK(found.value == doctest::Approx(0.5));
  CHECK(found.p > 0.01);
  CHECK(found.degrees_of_freedom == doctest::Approx(2));
}

TEST_CASE("a cell that is not a number leaves nothing known") {
  const CrossedEstimate found = crossed_estimate({{1, std::nan("")}, {2, 3}});
  CHECK(std::isnan(found.value));
  CHECK(std::isnan(found.p));
  CHECK(std::isnan(found.interval.low));
}

TEST_CASE("cells that are no table are an error") {
  CHECK_THROWS_AS(crossed_estimate({}), Error);
  CHECK_THROWS_AS(crossed_estimate({{}, {}}), Error);
  CHECK_THROWS_WITH_AS(crossed_estimate({{1, 2}, {1}}),
                       "a difference has 2 groups in one seed and 1 in another; each seed is to see the same groups",
                       Error);
}
