#pragma once

#include <vector>

#include "framework/study/statistics/interval.h"

namespace mtl {

/// Student's t-test of paired differences (Student 1908): whether their mean is 0.
struct PairedT {
  double mean, t, degrees_of_freedom, p;  ///< p is two-sided; NaN where it is not defined (fewer than two pairs)
  Interval interval;                      ///< of the mean
};

/// One difference per seed. Where all are equal, p is 0 (1 where they are 0) and the interval has no width.
PairedT paired_t(const std::vector<double>& differences);

}  // namespace mtl
