#include "framework/metrics/calibration.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace mtl {
namespace {

constexpr int bin_count = 15;

/// Sums until finish() makes means of them.
std::vector<CalibrationBin> empty_bins() {
  std::vector<CalibrationBin> bins;
  for (int b = 0; b < bin_count; ++b)
    bins.push_back({static_cast<double>(b) / bin_count, static_cast<double>(b + 1) / bin_count, 0, 0, 0});
  return bins;
}

void finish(Calibration& calibration, int64_t images) {
  for (CalibrationBin& bin : calibration.bins) {
    const auto count = static_cast<double>(bin.images);
    bin.probability /= count;  // NaN over none
    bin.accuracy /= count;
    if (bin.images > 0)
      calibration.expected_error += std::abs(bin.accuracy - bin.probability) * count / static_cast<double>(images);
  }
  if (images > 0) return;
  calibration.bins.clear();
  calibration.expected_error = std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

Calibration calibration_of(const std::vector<double>& probabilities, const std::vector<bool>& right) {
  Calibration calibration{empty_bins(), 0};
  int64_t images = 0;
  for (size_t i = 0; i < probabilities.size(); ++i) {
    if (!std::isfinite(probabilities[i])) continue;
    const int index = static_cast<int>(std::ceil(probabilities[i] * bin_count)) - 1;
    CalibrationBin& bin = calibration.bins[static_cast<size_t>(std::clamp(index, 0, bin_count - 1))];
    ++images;
    ++bin.images;
    bin.probability += probabilities[i];
    bin.accuracy += right[i] ? 1 : 0;
  }
  finish(calibration, images);
  return calibration;
}

}  // namespace mtl
