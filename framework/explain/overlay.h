#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <vector>

#include "framework/explain/explanation.h"

namespace mtl {

/// The picture as the network saw it beside the same picture under its explanation, each enlarged by a whole number to
/// at least 320 pixels, with a white gap. `prepared` is CV_8UC3 RGB [size, size]; `mask` CV_8U [size, size], whose
/// outline is drawn on both, or empty. Evidence is coloured from dark (none) to light yellow (most) on the picture's
/// greys (the colour map inferno of matplotlib: its lightness rises evenly, so it needs no colour vision); a ring is
/// at the peak. -> CV_8UC3 BGR.
cv::Mat overlay(const cv::Mat& prepared, const Explanation& explanation, const cv::Mat& mask = {});

/// PNG, whole or not at all.
void write_png(const std::filesystem::path& file, const cv::Mat& bgr);

/// The picture no wider than `width`, as a JPEG file's bytes.
std::vector<uint8_t> thumbnail(const cv::Mat& bgr, int width);

}  // namespace mtl
