#pragma once

#include <cstdint>
#include <optional>

#include "framework/study/statistics/crossed_effects.h"

namespace mtl {

/// How many it would take to show a difference of the size seen, at the 5 % level with a power of 80 %: the smallest
/// number with |value| >= (t_.975 + t_.80) sqrt(V), where V = seed/S + group/G + residual/(S G) is made of the
/// estimate's variance components and both quantiles have S - 1 degrees of freedom. It is the textbook formula
/// (Snedecor and Cochran, Statistical Methods, 1967) with t's quantiles for the normal's.
///
/// An approximation: the sum of the quantiles stands for a noncentral t; S - 1 degrees of freedom are on the safe side
/// where groups vary more than seeds; size and components are taken as true though the data at hand only estimate them.
/// It is for one comparison, without Holm, and may be fewer than at hand where these were unlucky.
struct RequiredSample {
  std::optional<int64_t> seeds;  ///< with the groups at hand; none: no number of seeds (up to a million) would do
  std::optional<int64_t>
      groups;  ///< with the seeds at hand; none: no number of groups (up to a thousand million) would do
};

/// `groups` is how many there were. Both are none where the difference is 0 or not a number, and with one seed, which
/// says nothing about how runs vary.
RequiredSample required_sample(const CrossedEstimate& estimate, int64_t seeds, int64_t groups);

}  // namespace mtl
