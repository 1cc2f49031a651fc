#pragma once

#include <cstdint>
#include <vector>

#include "framework/study/statistics/interval.h"

namespace mtl {

/// The percentile interval (Efron 1979) of sum / images over groups drawn with replacement: photographs of one part are
/// drawn together. sums[g] is what group g adds, images[g] of how many; a draw without an image is left out. Draws
/// derive from `seed`. NaN over no group, no image or a NaN.
Interval bootstrap_groups(const std::vector<double>& sums, const std::vector<double>& images, uint64_t seed,
                          int resamples = 10'000);

}  // namespace mtl
