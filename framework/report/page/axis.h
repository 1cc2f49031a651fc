#pragma once

#include <string>
#include <vector>

namespace mtl {

/// Ticks at 1, 2 or 5 times a power of ten that enclose what is shown.
struct Axis {
  double low = 0, high = 1, step = 1;

  std::vector<double> ticks() const;
  double at(double value) const { return (value - low) / (high - low); }  ///< 0 at low, 1 at high
  std::string label(double tick) const;                                   ///< as many digits as the step needs
};

/// Over all finite values; any range where there is none. `about` is how many steps are wanted.
Axis axis_over(const std::vector<double>& values, int about = 5);

/// Whole epochs from 1 to `epochs`, at most about eight of them.
std::vector<int> epoch_ticks(int epochs);

}  // namespace mtl
