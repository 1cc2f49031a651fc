#include "framework/report/page/axis.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "framework/report/page/number_text.h"

namespace mtl {
namespace {

double step_for(double range, int about) {
  const double raw = range / about, magnitude = std::pow(10, std::floor(std::log10(raw))), factor = raw / magnitude;
  return magnitude * (factor <= 1 ? 1 : factor <= 2 ? 2 : factor <= 5 ? 5 : 10);
}

}  // namespace

Axis axis_over(const std::vector<double>& values, int about) {
  double low = std::numeric_limits<double>::infinity(), high = -low;
  for (double value : values)
    if (std::isfinite(value)) low = std::min(low, value), high = std::max(high, value);
  if (low > high) return {};
  const double narrowest = std::max(1e-9, 1e-9 * std::max(std::abs(low), std::abs(high)));
  if (high - low < narrowest) {
    const double room = low == 0 ? 1 : 0.5 * std::abs(low);
    low -= room, high += room;
  }
  const double step = step_for(high - low, about);
  return {std::floor(low / step + 1e-9) * step, std::ceil(high / step - 1e-9) * step, step};
}

std::vector<double> Axis::ticks() const {
  std::vector<double> ticks;
  const auto count = static_cast<int>(std::lround((high - low) / step));
  for (int i = 0; i <= count; ++i) {
    const double tick = low + i * step;
    ticks.push_back(std::abs(tick) < step * 1e-6 ? 0 : tick);
  }
  return ticks;
}

std::string Axis::label(double tick) const {
  const double largest = std::max(std::abs(low), std::abs(high));
  if (largest >= 1e6 || largest < 1e-3) return general_text(tick, 3);
  return fixed_text(tick, std::max(0, static_cast<int>(-std::floor(std::log10(step) + 1e-9))));
}

std::vector<int> epoch_ticks(int epochs) {
  std::vector<int> ticks;
  const int step = std::max(1, static_cast<int>(step_for(std::max(1, epochs), 8)));
  for (int epoch = step; epoch <= epochs; epoch += step) ticks.push_back(epoch);
  if (ticks.empty() || ticks.front() != 1) ticks.insert(ticks.begin(), 1);
  return ticks;
}

}  // namespace mtl
