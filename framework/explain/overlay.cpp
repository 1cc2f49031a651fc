#include "framework/explain/overlay.h"

#include <algorithm>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "framework/support/atomic_file.h"

namespace mtl {
namespace {

constexpr int least_width = 320, gap = 8;

cv::Mat enlarged(const cv::Mat& image, int factor) {
  cv::Mat large;
  cv::resize(image, large, {}, factor, factor, cv::INTER_NEAREST);
  return large;
}

cv::Mat under_heat(const cv::Mat& picture, const cv::Mat& heat) {
  cv::Mat grey, wide, levels, colours, mixed;
  cv::cvtColor(picture, grey, cv::COLOR_BGR2GRAY);
  cv::cvtColor(grey, grey, cv::COLOR_GRAY2BGR);
  cv::resize(heat, wide, picture.size(), 0, 0, cv::INTER_LINEAR);
  wide.convertTo(levels, CV_8U, 255);
  cv::applyColorMap(levels, colours, cv::COLORMAP_INFERNO);
  cv::addWeighted(grey, 0.45, colours, 0.55, 0, mixed);
  return mixed;
}

void draw_peak(cv::Mat& picture, const cv::Point2d& peak, int factor) {
  const cv::Point centre(cvFloor(peak.x * factor), cvFloor(peak.y * factor));
  cv::circle(picture, centre, 9, {0, 0, 0}, 3, cv::LINE_AA);
  cv::circle(picture, centre, 9, {255, 255, 255}, 1, cv::LINE_AA);
}

void draw_outline(cv::Mat& picture, const cv::Mat& mask, int factor) {
  std::vector<std::vector<cv::Point>> outlines;
  cv::findContours(enlarged(mask, factor), outlines, cv::RETR_LIST, cv::CHAIN_APPROX_NONE);
  cv::drawContours(picture, outlines, -1, {255, 255, 0}, 1);
}

}  // namespace

cv::Mat overlay(const cv::Mat& prepared, const Explanation& explanation, const cv::Mat& mask) {
  const int factor = std::max(1, (least_width + prepared.cols - 1) / prepared.cols);
  cv::Mat picture;
  cv::cvtColor(enlarged(prepared, factor), picture, cv::COLOR_RGB2BGR);
  cv::Mat heat = under_heat(picture, explanation.heat);
  if (!mask.empty())
    for (cv::Mat* side : {&picture, &heat}) draw_outline(*side, mask, factor);
  if (explanation.peak) draw_peak(heat, *explanation.peak, factor);
  cv::Mat both(picture.rows, 2 * picture.cols + gap, CV_8UC3, cv::Scalar::all(255));
  picture.copyTo(both(cv::Rect(0, 0, picture.cols, picture.rows)));
  heat.copyTo(both(cv::Rect(picture.cols + gap, 0, picture.cols, picture.rows)));
  return both;
}

void write_png(const std::filesystem::path& file, const cv::Mat& bgr) {
  std::vector<uint8_t> png;
  cv::imencode(".png", bgr, png);
  write_file(file, {reinterpret_cast<const char*>(png.data()), png.size()});
}

std::vector<uint8_t> thumbnail(const cv::Mat& bgr, int width) {
  cv::Mat small = bgr;
  if (bgr.cols > width) cv::resize(bgr, small, {width, std::max(1, bgr.rows * width / bgr.cols)}, 0, 0, cv::INTER_AREA);
  std::vector<uint8_t> jpeg;
  cv::imencode(".jpg", small, jpeg, {cv::IMWRITE_JPEG_QUALITY, 80});
  return jpeg;
}

}  // namespace mtl
