#pragma once

#include <opencv2/core/mat.hpp>

#include "framework/config/run_config.h"

namespace mtl {

/// Scales an image as `settings` say: stretch and pad give size x size, crop gives the shorter side `resize` long.
/// Cubic where it grows, area means where it shrinks.
cv::Mat fit(const cv::Mat& image, const InputSettings& settings);

/// Whether fit() makes nothing larger of an image of this size.
bool only_shrinks(cv::Size image, const InputSettings& settings);

/// Of the largest picture that fit() can give.
int64_t most_bytes(const InputSettings& settings);

/// The middle size x size of an image that is at least as large.
cv::Mat center_crop(const cv::Mat& image, int size);

}  // namespace mtl
