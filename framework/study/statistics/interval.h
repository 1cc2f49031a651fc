#pragma once

namespace mtl {

/// A 95 % confidence interval.
struct Interval {
  double low, high;
};

}  // namespace mtl
