#pragma once

#include <opencv2/core/mat.hpp>

#include "mtl/backbone.h"

namespace mtl {

/// CV_8UC3 (0..255, RGB) -> [height, width, 3] floats, dense, of (value / 255 - mean) / deviation per channel.
void normalize(const cv::Mat& image, const Normalization& norm, float* to);

}  // namespace mtl
