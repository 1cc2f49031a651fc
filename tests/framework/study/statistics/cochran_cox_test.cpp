#include "framework/study/statistics/cochran_cox.h"

#include <doctest/doctest.h>

#include <cmath>
#include <initializer_list>

#include "framework/study/statistics/distributions.h"

using namespace mtl;

TEST_CASE("Cochran and Cox's quantile is the weighted mean of two of Student's t") {
  const CochranCox both({3, 2}, {1, 100});
  CHECK(both.standard_error() == 2);
  CHECK(both.upper_quantile(0.025) == doctest::Approx((3 * 4.302653 + 1.983972) / 4));
  const CochranCox same({3, 7}, {1, 7});
  CHECK(same.two_sided_p(2) == doctest::Approx(two_sided_t_p(2, 7)));
  CHECK(same.degrees_of_freedom() == doctest::Approx(7));
}

TEST_CASE("the p-value is the probability whose quantile is t, however far out") {
  const CochranCox both({0.4, 2}, {0.6, 120}), with_more_seeds({0.4, 30}, {0.6, 4});
  for (const double t : {-3.0, 1e-9, 0.01, 0.5, 1.0, 2.0, 3.0, 4.303, 6.0, 10.0, 100.0, 1e4}) {
    CAPTURE(t);
    CHECK(both.upper_quantile(both.two_sided_p(t) / 2) == doctest::Approx(std::abs(t)));
    CHECK(with_more_seeds.upper_quantile(with_more_seeds.two_sided_p(t) / 2) == doctest::Approx(std::abs(t)));
  }
  CHECK(both.two_sided_p(0) == 1);
}

TEST_CASE("the degrees of freedom are those of the t with the same quantile") {
  for (const double share : {0.001, 0.2, 0.5, 0.9, 0.999}) {
    const CochranCox both({share, 2}, {1 - share, 120});
    CHECK(t_upper_quantile(0.025, both.degrees_of_freedom()) == doctest::Approx(both.upper_quantile(0.025)));
  }
}

TEST_CASE("with one part that varies it is Student's t") {
  for (const CochranCox& one : {CochranCox({1, 5}, {0, 80}), CochranCox({0, 80}, {1, 5}), CochranCox({1, 5}, {0, 0})}) {
    CHECK(one.two_sided_p(2.5) == doctest::Approx(two_sided_t_p(2.5, 5)));
    CHECK(one.degrees_of_freedom() == 5);
    CHECK(one.upper_quantile(0.025) == doctest::Approx(2.570582));
  }
}
