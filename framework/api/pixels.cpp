#include "framework/api/pixels.h"

#include <opencv2/imgproc.hpp>
#include <string>

#include "framework/api/picture_error.h"

namespace mtl {
namespace {

/// What OpenCV has to do with a format; a conversion of -1 is none.
struct Format {
  int type, bytes, conversion;
};

Format format_of(mtl_pixel_format format) {
  switch (format) {
    case MTL_GRAY8:
      return {CV_8UC1, 1, cv::COLOR_GRAY2RGB};
    case MTL_RGB8:
      return {CV_8UC3, 3, -1};
    case MTL_BGR8:
      return {CV_8UC3, 3, cv::COLOR_BGR2RGB};
    case MTL_RGBA8:
      return {CV_8UC4, 4, cv::COLOR_RGBA2RGB};
    case MTL_BGRA8:
      return {CV_8UC4, 4, cv::COLOR_BGRA2RGB};
  }
  throw PictureError("mtl_pixels.format = " + std::to_string(static_cast<int>(format)) +
                     " is none; give MTL_GRAY8, MTL_RGB8, MTL_BGR8, MTL_RGBA8 or MTL_BGRA8");
}

}  // namespace

cv::Mat rgb_of(const mtl_pixels& pixels, int64_t max_pixels) {
  const Format format = format_of(pixels.format);
  if (!pixels.data) throw PictureError("mtl_pixels.data is null; give the address of the top left pixel");
  const std::string size = std::to_string(pixels.width) + "x" + std::to_string(pixels.height);
  if (pixels.width < 1 || pixels.height < 1)
    throw PictureError("mtl_pixels has a size of " + size + "; 1x1 at least is expected");
  if (int64_t{pixels.width} * pixels.height > max_pixels)
    throw PictureError("mtl_pixels has " + size + " pixels, more than data.max_pixels = " + std::to_string(max_pixels) +
                       " of the model; reduce the picture");
  const size_t least = static_cast<size_t>(pixels.width) * static_cast<size_t>(format.bytes);
  if (pixels.row_bytes < least)
    throw PictureError("mtl_pixels.row_bytes = " + std::to_string(pixels.row_bytes) + " is less than a row's " +
                       std::to_string(least) + " bytes");
  const cv::Mat given(pixels.height, pixels.width, format.type, const_cast<unsigned char*>(pixels.data),
                      pixels.row_bytes);
  if (format.conversion < 0) return given;
  cv::Mat rgb;
  cv::cvtColor(given, rgb, format.conversion);
  return rgb;
}

}  // namespace mtl
