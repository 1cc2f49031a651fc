#include "framework/explain/pointing.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <opencv2/imgproc.hpp>

namespace mtl {

std::optional<cv::Point2d> peak_of(const cv::Mat& map, cv::Size picture) {
  double largest = 0;
  cv::Point at;
  cv::minMaxLoc(map, nullptr, &largest, nullptr, &at);
  if (!(largest > 0)) return {};
  return cv::Point2d((at.x + 0.5) * picture.width / map.cols, (at.y + 0.5) * picture.height / map.rows);
}

cv::Mat grown(const cv::Mat& mask, cv::Size2d cell) {
  const int x = static_cast<int>(std::lround(cell.width)), y = static_cast<int>(std::lround(cell.height));
  cv::Mat ellipse(2 * y + 1, 2 * x + 1, CV_8U, cv::Scalar(0));
  for (int row = -y; row <= y; ++row)
    for (int column = -x; column <= x; ++column)
      if (std::hypot(column / std::max(1.0, cell.width), row / std::max(1.0, cell.height)) <= 1)
        ellipse.at<uint8_t>(row + y, column + x) = 1;
  cv::Mat region;
  cv::dilate(mask, region, ellipse, {-1, -1}, 1, cv::BORDER_CONSTANT, cv::Scalar(0));
  return region;
}

bool PointingGame::add(const cv::Mat& mask, cv::Size map, const std::optional<cv::Point2d>& peak) {
  const cv::Mat region =
      grown(mask, {static_cast<double>(mask.cols) / map.width, static_cast<double>(mask.rows) / map.height});
  const auto pixel = [](double position, int pixels) { return std::min(static_cast<int>(position), pixels - 1); };
  const bool is_hit = peak && region.at<uint8_t>(pixel(peak->y, region.rows), pixel(peak->x, region.cols)) != 0;
  ++pictures_;
  hits_ += is_hit ? 1 : 0;
  shares_ += cv::countNonZero(region) / static_cast<double>(region.total());
  return is_hit;
}

double PointingGame::chance() const {
  return pictures_ > 0 ? shares_ / static_cast<double>(pictures_) : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace mtl
