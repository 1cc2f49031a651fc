#include "framework/study/statistics/cochran_cox.h"

#include <algorithm>
#include <boost/math/tools/toms748_solve.hpp>
#include <cmath>
#include <limits>

#include "framework/study/statistics/distributions.h"

namespace mtl {
namespace {

/// Where a rising function is 0, looked for between x and y on a logarithmic scale; an end where it is 0 beyond them.
template <class F>
double root_between(double x, double y, const F& rising) {
  const auto on_scale = [&](double log_x) { return rising(std::exp(log_x)); };
  const auto [low, high] = std::minmax(x, y);
  if (low == high || rising(low) >= 0) return low;
  if (rising(high) <= 0) return high;
  boost::uintmax_t steps = 100;
  const auto bracket = boost::math::tools::toms748_solve(on_scale, std::log(low), std::log(high),
                                                         boost::math::tools::eps_tolerance<double>(45), steps);
  return std::exp((bracket.first + bracket.second) / 2);
}

}  // namespace

double CochranCox::standard_error() const { return std::sqrt(first_.variance + second_.variance); }

double CochranCox::upper_quantile(double tail) const {
  const auto weighted = [&](const VariancePart& part) {
    return part.variance > 0 ? part.variance * t_upper_quantile(tail, part.degrees_of_freedom) : 0;
  };
  return (weighted(first_) + weighted(second_)) / (first_.variance + second_.variance);
}

double CochranCox::two_sided_p(double t) const {
  if (second_.variance <= 0) return two_sided_t_p(t, first_.degrees_of_freedom);
  if (first_.variance <= 0) return two_sided_t_p(t, second_.degrees_of_freedom);
  const auto not_zero = [](double p) { return std::max(p, std::numeric_limits<double>::min()); };
  return root_between(not_zero(two_sided_t_p(t, first_.degrees_of_freedom)),
                      not_zero(two_sided_t_p(t, second_.degrees_of_freedom)),
                      [&](double p) { return std::abs(t) - upper_quantile(p / 2); });
}

double CochranCox::degrees_of_freedom() const {
  if (second_.variance <= 0) return first_.degrees_of_freedom;
  if (first_.variance <= 0) return second_.degrees_of_freedom;
  const double quantile = upper_quantile(0.025);
  return root_between(first_.degrees_of_freedom, second_.degrees_of_freedom,
                      [&](double df) { return quantile - t_upper_quantile(0.025, df); });
}

}  // namespace mtl
