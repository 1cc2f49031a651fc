#include "framework/study/statistics/required_sample.h"

#include <cmath>
#include <functional>

#include "framework/study/statistics/distributions.h"
#include "mtl/error.h"

namespace mtl {
namespace {

constexpr int64_t most_seeds = 1'000'000, most_groups = 1'000'000'000;
constexpr double power = 0.80;

bool would_be_shown(const CrossedEstimate& e, int64_t seeds, int64_t groups, double level) {
  const auto s = static_cast<double>(seeds), g = static_cast<double>(groups);
  const double variance = e.seed_variance / s + e.group_variance / g + e.residual_variance / (s * g);
  const double multiple = t_upper_quantile(level / 2, s - 1) + t_upper_quantile(1 - power, s - 1);
  return std::abs(e.value) >= multiple * std::sqrt(variance);
}

/// The smallest from 2 to `most` that is enough, where more than enough is enough.
std::optional<int64_t> smallest(int64_t most, const std::function<bool(int64_t)>& is_enough) {
  if (!is_enough(most)) return std::nullopt;
  int64_t low = 2, high = most;
  while (low < high) {
    const int64_t middle = low + (high - low) / 2;
    if (is_enough(middle))
      high = middle;
    else
      low = middle + 1;
  }
  return high;
}

}  // namespace

RequiredSample required_sample(const CrossedEstimate& estimate, int64_t seeds, int64_t groups, double level) {
  if (seeds < 1 || groups < 1) throw Error("a required sample starts from at least one seed and one group");
  if (seeds == 1 || std::isnan(estimate.p) || !(std::abs(estimate.value) > 0)) return {};
  return {smallest(most_seeds, [&](int64_t s) { return would_be_shown(estimate, s, groups, level); }),
          smallest(most_groups, [&](int64_t g) { return would_be_shown(estimate, seeds, g, level); })};
}

}  // namespace mtl
