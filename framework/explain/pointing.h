#pragma once

#include <cstdint>
#include <opencv2/core/mat.hpp>
#include <optional>

namespace mtl {

/// Where a map of evidence is largest: the centre of that cell, in pixels of the prepared picture (0 .. its side; the
/// first pixel's centre is 0.5). The first of equals; nothing where no value is above 0.
std::optional<cv::Point2d> peak_of(const cv::Mat& map /* CV_32F [h,w] */, cv::Size picture);

/// Does an explanation point to what people marked? The pointing game (Zhang et al., Top-down neural attention by
/// excitation backprop, IJCV 2018): a picture is a hit where the map's maximum lies in the marked region, which is
/// grown by a cell of the map since the map knows no finer place. A picture without any evidence is a miss.
class PointingGame {
 public:
  /// `mask` (CV_8U, the prepared picture's size, not 0 where marked, at least one pixel) and the size of the map whose
  /// peak it is. Returns whether it is a hit.
  bool add(const cv::Mat& mask, cv::Size map, const std::optional<cv::Point2d>& peak);

  int64_t pictures() const { return pictures_; }
  int64_t hits() const { return hits_; }
  /// What a map that points anywhere would hit: the mean share of pixels in the grown regions. NaN over no picture.
  double chance() const;

 private:
  int64_t pictures_ = 0, hits_ = 0;
  double shares_ = 0;
};

/// The mask grown by an ellipse with a cell's width and height as its half axes.
cv::Mat grown(const cv::Mat& mask, cv::Size2d cell);

}  // namespace mtl
