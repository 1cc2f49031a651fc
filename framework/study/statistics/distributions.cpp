#include "framework/study/statistics/distributions.h"

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/chi_squared.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace mtl {
namespace {

namespace policies = boost::math::policies;

// What is not defined comes out as NaN, what is too large as infinity: statistics of odd data must not end a report.
// Long double in between would cost most of the time and give digits that nobody needs.
using Quiet =
    policies::policy<policies::domain_error<policies::ignore_error>, policies::pole_error<policies::ignore_error>,
                     policies::overflow_error<policies::ignore_error>,
                     policies::underflow_error<policies::ignore_error>,
                     policies::evaluation_error<policies::ignore_error>, policies::promote_double<false>>;
using StudentsT = boost::math::students_t_distribution<double, Quiet>;
using Binomial = boost::math::binomial_distribution<double, Quiet>;
using ChiSquared = boost::math::chi_squared_distribution<double, Quiet>;

}  // namespace

double two_sided_t_p(double t, double degrees_of_freedom) {
  if (std::isinf(t)) return 0;
  return 2 * boost::math::cdf(boost::math::complement(StudentsT(degrees_of_freedom), std::abs(t)));
}

double t_upper_quantile(double tail, double degrees_of_freedom) {
  return boost::math::quantile(boost::math::complement(StudentsT(degrees_of_freedom), tail));
}

Interval t_interval(double value, double standard_error, double degrees_of_freedom) {
  const double reach = t_upper_quantile(0.025, degrees_of_freedom) * standard_error;
  return {value - reach, value + reach};
}

double fair_coin_at_most(int64_t heads, int64_t throws) {
  return boost::math::cdf(Binomial(static_cast<double>(throws), 0.5), static_cast<double>(heads));
}

double chi_square_p(double chi_square) { return boost::math::cdf(boost::math::complement(ChiSquared(1), chi_square)); }

}  // namespace mtl
