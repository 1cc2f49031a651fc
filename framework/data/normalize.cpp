#include "framework/data/normalize.h"

#include <array>

namespace mtl {
namespace {

/// Sixteen pixels: whole vectors of any length, over which the three channels come round again.
constexpr int stretch = 48;
using Stretch = std::array<float, stretch>;

void normalize_row(const uint8_t* from, int values, const Stretch& scale, const Stretch& shift, float* to) {
  int i = 0;
  for (; i + stretch <= values; i += stretch)
    for (int k = 0; k < stretch; ++k) {
      const auto at = static_cast<size_t>(k);
      to[i + k] = static_cast<float>(from[i + k]) * scale[at] + shift[at];
    }
  for (size_t k = 0; i < values; ++i, ++k) to[i] = static_cast<float>(from[i]) * scale[k] + shift[k];
}

}  // namespace

void normalize(const cv::Mat& image, const Normalization& norm, float* to) {
  Stretch scale, shift;
  for (size_t k = 0; k < stretch; ++k) {
    scale[k] = 1 / (255 * norm.deviation[k % 3]);
    shift[k] = -norm.mean[k % 3] / norm.deviation[k % 3];
  }
  const int values = 3 * image.cols;
  for (int y = 0; y < image.rows; ++y, to += values) normalize_row(image.ptr<uint8_t>(y), values, scale, shift, to);
}

}  // namespace mtl
