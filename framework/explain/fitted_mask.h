#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>

#include "framework/config/run_config.h"

namespace mtl {

/// X/name.jpg -> X/name + suffix: where the mask of a picture lies.
std::filesystem::path mask_of(const std::filesystem::path& picture, const std::string& suffix);

/// Reads a mask, of which what is lighter than 127 in any channel is marked, and fits it to the network's input as its
/// picture (`picture` pixels before that, for a check of the shape) was: CV_8U [size, size], 255 where marked. All 0
/// where nothing is marked, or nothing of it is in the input. Throws mtl::Error that names the file where it is no
/// picture, or is not shaped like its own.
cv::Mat read_fitted_mask(const std::filesystem::path& file, cv::Size picture, const InputSettings& input,
                         int64_t max_pixels);

}  // namespace mtl
