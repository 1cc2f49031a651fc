#include "framework/study/statistics/group_bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <string>

#include "framework/support/random.h"
#include "mtl/error.h"

namespace mtl {
namespace {

/// Sum per image over as many groups as there are, drawn with replacement; none where they have no image.
std::optional<double> drawn_mean(const std::vector<double>& sums, const std::vector<double>& images,
                                 Generator& generator) {
  double sum = 0, count = 0;
  for (size_t i = 0; i < sums.size(); ++i) {
    const size_t group = generator.below(sums.size());
    sum += sums[group];
    count += images[group];
  }
  if (count <= 0) return std::nullopt;
  return sum / count;
}

/// Between the order statistics on both sides, in proportion (type 7 of Hyndman and Fan 1996, as in R and NumPy).
double quantile(const std::vector<double>& sorted, double share) {
  const double position = share * static_cast<double>(sorted.size() - 1);
  const auto below = static_cast<size_t>(position);
  const size_t above = std::min(below + 1, sorted.size() - 1);
  return std::lerp(sorted[below], sorted[above], position - std::floor(position));
}

bool has_nan(const std::vector<double>& numbers) {
  return std::any_of(numbers.begin(), numbers.end(), [](double number) { return std::isnan(number); });
}

}  // namespace

Interval bootstrap_groups(const std::vector<double>& sums, const std::vector<double>& images, uint64_t seed,
                          int resamples) {
  if (sums.size() != images.size())
    throw Error("the bootstrap has sums of " + std::to_string(sums.size()) + " groups and images of " +
                std::to_string(images.size()) + "; both are one per group");
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  if (has_nan(sums) || has_nan(images)) return {nan, nan};
  std::vector<double> means;
  for (int i = 0; i < resamples; ++i) {
    Generator generator(derive_seed(seed, "bootstrap", {static_cast<uint64_t>(i)}));
    if (const auto mean = drawn_mean(sums, images, generator)) means.push_back(*mean);
  }
  if (means.empty()) return {nan, nan};
  std::sort(means.begin(), means.end());
  return {quantile(means, 0.025), quantile(means, 0.975)};
}

}  // namespace mtl
