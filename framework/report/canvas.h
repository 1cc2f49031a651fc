#pragma once

#include <filesystem>
#include <opencv2/core/mat.hpp>
#include <string>

namespace mtl {

/// A white picture to draw on, in the style of all our plots.
class Canvas {
 public:
  Canvas(int width, int height);
  cv::Mat& image() { return image_; }

  enum class Align { left, centre, right };
  /// Text whose middle line is at y, of `height` pixels for a capital letter. Characters beyond ASCII become '?'.
  void text(const std::string& text, cv::Point at, Align align = Align::left, double height = 10,
            cv::Scalar colour = {40, 40, 40});
  /// The same, turned to read upwards, beginning at `at`.
  void text_upwards(const std::string& text, cv::Point at, double height = 10);
  static int text_width(const std::string& text, double height = 10);
  void line(cv::Point2d from, cv::Point2d to, cv::Scalar colour, int thickness = 1);
  void save(const std::filesystem::path& file) const;  ///< as PNG, whole or not at all

 private:
  cv::Mat image_;
};

/// Colours that people with any colour vision tell apart (Okabe and Ito, 2008), BGR.
cv::Scalar palette(size_t index);

/// The text cut to `limit` characters, with an ellipsis.
std::string shortened(const std::string& text, size_t limit);

}  // namespace mtl
