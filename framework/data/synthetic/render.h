#pragma once

#include <opencv2/core/mat.hpp>
#include <string>
#include <vector>

#include "framework/data/synthetic/surface.h"
#include "framework/support/random.h"

namespace mtl::synthetic {

enum class Light { bright_field, low_left, low_right, dome };

/// In the order of the enumeration.
const std::vector<std::string>& light_names();

/// A photograph of the surface, CV_8UC3 RGB: Lambert's law for scattered light and a Blinn-Phong lobe for mirrored
/// light, from one lamp (bright field: along the camera's axis; low: from the side) or from everywhere (dome). Exposure
/// and sensor noise are drawn.
cv::Mat render(const Surface& surface, Light light, Generator& generator);

}  // namespace mtl::synthetic
