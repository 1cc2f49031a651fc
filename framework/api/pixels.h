#pragma once

#include <opencv2/core/mat.hpp>

#include "mtl/engine.h"

namespace mtl {

/// The caller's pixels as CV_8UC3, RGB; a view where they are that already. Throws PictureError for sizes or a format
/// that cannot be, naming the member.
cv::Mat rgb_of(const mtl_pixels& pixels, int64_t max_pixels);

}  // namespace mtl
