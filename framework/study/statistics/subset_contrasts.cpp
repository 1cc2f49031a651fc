#include "framework/study/statistics/subset_contrasts.h"

#include <bit>
#include <functional>
#include <string>

#include "mtl/error.h"

namespace mtl {
namespace {

void check(int n, int task) {
  if (n < 1 || n > 16 || task < 0 || task >= n)
    throw Error(
        "a contrast over subsets is of 1 to 16 auxiliary tasks and for one of them, counted from 0; not for task " +
        std::to_string(task) + " of " + std::to_string(n));
}

/// The coefficient of each arm with the task is that of the same arm without it, with the other sign.
std::vector<double> with_minus_without(int n, int task, const std::function<double(int others)>& weight) {
  check(n, task);
  std::vector<double> coefficients(size_t{1} << n);
  const size_t bit = size_t{1} << task;
  for (size_t subset = 0; subset < coefficients.size(); ++subset) {
    const double share = weight(std::popcount(subset & ~bit));
    coefficients[subset] = (subset & bit) != 0 ? share : -share;
  }
  return coefficients;
}

double choose(int n, int k) {
  double ways = 1;
  for (int i = 1; i <= k; ++i) ways = ways * (n - k + i) / i;
  return ways;
}

}  // namespace

std::vector<double> shapley_contrast(int n, int task) {
  // Of the n! orders, k! (n - 1 - k)! add the task just after these k others.
  return with_minus_without(n, task, [n](int others) { return 1 / (n * choose(n - 1, others)); });
}

std::vector<double> main_effect_contrast(int n, int task) {
  return with_minus_without(n, task, [n](int) { return 2.0 / static_cast<double>(size_t{1} << n); });
}

}  // namespace mtl
