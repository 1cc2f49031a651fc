#include "framework/study/statistics/paired_t.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "framework/study/statistics/distributions.h"

namespace mtl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double infinity = std::numeric_limits<double>::infinity();

double mean_of(const std::vector<double>& x) {
  return std::accumulate(x.begin(), x.end(), 0.0) / static_cast<double>(x.size());
}

double variance_of(const std::vector<double>& x, double mean) {
  double squares = 0;
  for (double value : x) squares += (value - mean) * (value - mean);
  return squares / static_cast<double>(x.size() - 1);
}

PairedT all_equal(double difference, double degrees_of_freedom) {
  const bool is_zero = difference == 0;
  return {difference,
          is_zero ? 0 : std::copysign(infinity, difference),
          degrees_of_freedom,
          is_zero ? 1.0 : 0.0,
          {difference, difference}};
}

}  // namespace

PairedT paired_t(const std::vector<double>& differences) {
  if (differences.size() < 2) return {differences.empty() ? nan : differences[0], nan, 0, nan, {nan, nan}};
  const auto n = static_cast<double>(differences.size());
  const auto is_first = [&](double difference) { return difference == differences[0]; };
  if (std::all_of(differences.begin(), differences.end(), is_first)) return all_equal(differences[0], n - 1);
  const double mean = mean_of(differences);
  const double standard_error = std::sqrt(variance_of(differences, mean) / n);
  const double t = mean / standard_error;
  return {mean, t, n - 1, two_sided_t_p(t, n - 1), t_interval(mean, standard_error, n - 1)};
}

}  // namespace mtl
