#include "framework/data/fit.h"

#include <algorithm>
#include <cmath>
#include <opencv2/imgproc.hpp>

namespace mtl {
namespace {

/// A crop keeps no more of a strip than this many times its shorter side.
constexpr int longest_strip = 4;

cv::Mat scale_to(const cv::Mat& image, cv::Size size) {
  if (image.size() == size) return image;
  const bool grows = size.width > image.cols || size.height > image.rows;
  cv::Mat scaled;
  cv::resize(image, scaled, size, 0, 0, grows ? cv::INTER_CUBIC : cv::INTER_AREA);
  return scaled;
}

/// The image's size with one side `length` long; the other at least one pixel.
cv::Size with_side(const cv::Mat& image, int length, int side) {
  const double factor = static_cast<double>(length) / side;
  const auto scaled = [&](int pixels) { return std::max(1, static_cast<int>(std::lround(pixels * factor))); };
  return {scaled(image.cols), scaled(image.rows)};
}

}  // namespace

cv::Mat fit(const cv::Mat& image, const InputSettings& settings) {
  const auto size = static_cast<int>(settings.size);
  if (settings.fit == "stretch") return scale_to(image, {size, size});
  if (settings.fit == "crop") {
    const int side = settings.resize > 0 ? static_cast<int>(settings.resize) : size;
    // A strip of extreme length would grow without bound: what the crop never sees is cut first.
    const int shorter = std::min(image.cols, image.rows), longest = longest_strip * shorter;
    const cv::Rect middle((image.cols - std::min(image.cols, longest)) / 2,
                          (image.rows - std::min(image.rows, longest)) / 2, std::min(image.cols, longest),
                          std::min(image.rows, longest));
    return scale_to(image(middle), with_side(image(middle), side, shorter));
  }
  const cv::Mat scaled = scale_to(image, with_side(image, size, std::max(image.cols, image.rows)));
  cv::Mat padded;
  const int left = (size - scaled.cols) / 2, top = (size - scaled.rows) / 2;
  cv::copyMakeBorder(scaled, padded, top, size - scaled.rows - top, left, size - scaled.cols - left,
                     cv::BORDER_CONSTANT, cv::Scalar::all(128));
  return padded;
}

bool only_shrinks(cv::Size image, const InputSettings& settings) {
  const int shorter = std::min(image.width, image.height), longer = std::max(image.width, image.height);
  if (settings.fit == "pad") return longer >= settings.size;
  return shorter >= (settings.fit == "crop" && settings.resize > 0 ? settings.resize : settings.size);
}

int64_t most_bytes(const InputSettings& settings) {
  const bool crops = settings.fit == "crop";
  const int64_t side = crops && settings.resize > 0 ? settings.resize : settings.size;
  return 3 * side * side * (crops ? longest_strip : 1);
}

cv::Mat center_crop(const cv::Mat& image, int size) {
  if (image.cols == size && image.rows == size) return image;
  return image(cv::Rect((image.cols - size) / 2, (image.rows - size) / 2, size, size));
}

}  // namespace mtl
