#pragma once

#include <filesystem>
#include <functional>
#include <opencv2/core/mat.hpp>
#include <string>
#include <string_view>

namespace mtl {

/// One picture as the engine sees pictures: CV_8UC3, RGB, upright as EXIF says. PNG, JPEG, BMP and TIFF of 8 or 16 bit
/// (of which the upper 8 are used), grey or colour (alpha is dropped). A JPEG is decoded at 1/2, 1/4 or 1/8 of its size
/// where that `suffices`: the rest of its frequencies is left out. Throws mtl::Error that names the file for what is no
/// such picture, is cut short, empty, or has more than `max_pixels`, the last before anything is decoded.
cv::Mat read_image_file(const std::filesystem::path& file, int64_t max_pixels,
                        const std::function<bool(cv::Size)>& suffices);

/// The same for the bytes of such a file; `name` says in sentences which picture it is.
cv::Mat decode_image(std::string_view bytes, const std::string& name, int64_t max_pixels,
                     const std::function<bool(cv::Size)>& suffices);

}  // namespace mtl
