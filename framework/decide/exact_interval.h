#pragma once

#include <cstdint>

#include "framework/study/statistics/interval.h"

namespace mtl {

/// The exact two-sided interval of a share of which `found` of `of` independent observations were seen (Clopper and
/// Pearson, Biometrika 26, 1934): it holds the true share with at least this confidence, whatever that share is. [0, 1]
/// over no observation. Throws mtl::Error where not 0 <= found <= of or not 0 < confidence < 1.
Interval exact_interval(int64_t found, int64_t of, double confidence = 0.95);

/// The one-sided bound of the same kind: the true share is at most this with at least this confidence.
double exact_upper_bound(int64_t found, int64_t of, double confidence = 0.95);

}  // namespace mtl
