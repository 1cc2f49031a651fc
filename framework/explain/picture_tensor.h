#pragma once

#include <ATen/core/Tensor.h>

#include <opencv2/core/mat.hpp>
#include <vector>

#include "mtl/backbone.h"

namespace mtl {

/// Prepared pictures (CV_8UC3, RGB, all of one size) as a backbone wants them: [N,3,height,width] float, normalized,
/// channels-last.
at::Tensor picture_tensor(const std::vector<cv::Mat>& prepared, const Normalization& normalization);

/// map [h,w] -> CV_32F of its own.
cv::Mat map_picture(const at::Tensor& map);

}  // namespace mtl
