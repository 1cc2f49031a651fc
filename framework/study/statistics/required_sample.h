#pragma once

#include <cstdint>
#include <optional>

#include "framework/study/statistics/crossed_effects.h"

namespace mtl {

/// How many it would take to show a difference of the size seen with a power of 80 %: the smallest number with
/// |value| >= (t_{1-level/2} + t_.80) sqrt(V), where V = seed/S + group/G + residual/(S G) is made of the
/// estimate's variance components and both quantiles have S - 1 degrees of freedom. It is the textbook formula
/// (Snedecor and Cochran, Statistical Methods, 1967) with t's quantiles for the normal's.
///
/// An approximation: the sum of the quantiles stands for a noncentral t; S - 1 degrees of freedom are on the safe side
/// where groups vary more than seeds; size and components are taken as true though the data at hand only estimate them.
/// It may be fewer than at hand where these were unlucky.
struct RequiredSample {
  std::optional<int64_t> seeds;  ///< with the groups at hand; none: no number of seeds (up to a million) would do
  std::optional<int64_t>
      groups;  ///< with the seeds at hand; none: no number of groups (up to a thousand million) would do
};

/// `seeds` and `groups` are how many there were; `level` is what p has to be below: 0.05, or what Holm's adjustment
/// leaves of it. Both are none where the difference is 0 or not a number, and where nothing is known of its variance.
RequiredSample required_sample(const CrossedEstimate& estimate, int64_t seeds, int64_t groups, double level = 0.05);

}  // namespace mtl
