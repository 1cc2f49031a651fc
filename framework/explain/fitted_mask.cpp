#include "framework/explain/fitted_mask.h"

#include <cmath>
#include <opencv2/imgproc.hpp>

#include "framework/data/fit.h"
#include "framework/data/image_file.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

std::string text_of(cv::Size size) { return std::to_string(size.width) + "x" + std::to_string(size.height); }

void require_same_shape(const std::filesystem::path& file, cv::Size mask, cv::Size picture) {
  const double relation = static_cast<double>(mask.width) * picture.height / mask.height / picture.width;
  constexpr double rounding = 0.02;  // a JPEG may have been decoded at an eighth of its size
  if (std::abs(std::log(relation)) > rounding)
    throw Error("mask " + in_quotes(file.string()) + " has " + text_of(mask) + " pixels and its picture " +
                text_of(picture) + "; a mask shows the same section as its picture");
}

cv::Mat prepared(const cv::Mat& image, const InputSettings& input) {
  return center_crop(fit(image, input), static_cast<int>(input.size));
}

}  // namespace

std::filesystem::path mask_of(const std::filesystem::path& picture, const std::string& suffix) {
  return picture.parent_path() / (picture.stem().string() + suffix);
}

cv::Mat read_fitted_mask(const std::filesystem::path& file, cv::Size picture, const InputSettings& input,
                         int64_t max_pixels) {
  const cv::Mat image = read_image_file(file, max_pixels, [](cv::Size) { return false; });
  require_same_shape(file, image.size(), picture);
  std::vector<cv::Mat> channels;
  cv::split(image, channels);
  const cv::Mat marked = cv::max(cv::max(channels[0], channels[1]), channels[2]) > 127;
  // What fit() makes of no mark at all is its border; the difference to it is the mark, wherever fit() puts it. A thin
  // scratch that covers a small part of each pixel after shrinking is still marked.
  cv::Mat difference;
  cv::absdiff(prepared(marked, input), prepared(cv::Mat::zeros(marked.size(), CV_8U), input), difference);
  return difference > (only_shrinks(image.size(), input) ? 0 : 127);
}

}  // namespace mtl
