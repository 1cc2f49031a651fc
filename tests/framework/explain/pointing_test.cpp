#include "framework/explain/pointing.h"

#include <doctest/doctest.h>

#include <cmath>
#include <opencv2/core.hpp>

using namespace mtl;

namespace {

cv::Mat mask_with(cv::Size size, cv::Point marked) {
  cv::Mat mask(size, CV_8U, cv::Scalar(0));
  mask.at<uint8_t>(marked) = 255;
  return mask;
}

cv::Mat map_of(std::vector<float> values, int columns) {
  return cv::Mat(values, true).reshape(1, static_cast<int>(values.size()) / columns);
}

}  // namespace

TEST_CASE("the peak is the centre of the largest cell, the first of equals, and none without evidence") {
  CHECK(*peak_of(map_of({0, 1, 3, 2}, 2), {32, 32}) == cv::Point2d(8, 24));
  CHECK(*peak_of(map_of({0, 1, 0, 1}, 2), {32, 32}) == cv::Point2d(24, 8));
  CHECK(*peak_of(map_of({0, 0, 1}, 3), {96, 32}) == cv::Point2d(80, 16));
  CHECK(*peak_of(map_of({0, 0, 1, 0}, 2), {2, 2}) == cv::Point2d(0.5, 1.5));
  CHECK_FALSE(peak_of(map_of({0, 0, 0, 0}, 2), {32, 32}).has_value());
}

TEST_CASE("a region grows by a cell") {
  const cv::Mat cross = grown(mask_with({32, 32}, {5, 5}), {1, 1});
  CHECK(cv::countNonZero(cross) == 5);
  CHECK(cross.at<uint8_t>(6, 6) == 0);
  CHECK(cv::countNonZero(grown(mask_with({32, 32}, {0, 0}), {1, 1})) == 3);  // the rest lies outside
  int inside = 0;
  for (int y = 0; y < 32; ++y)
    for (int x = 0; x < 32; ++x) inside += std::pow((x - 20) / 8.0, 2) + std::pow((y - 4) / 4.0, 2) <= 1 ? 1 : 0;
  CHECK(cv::countNonZero(grown(mask_with({32, 32}, {20, 4}), {8, 4})) == inside);
}

TEST_CASE("hits, misses and chance of the pointing game") {
  PointingGame game;
  CHECK(std::isnan(game.chance()));
  const cv::Mat mask = mask_with({32, 32}, {20, 4});
  CHECK(game.add(mask, {8, 8}, cv::Point2d(22, 6)));                              // 2 pixels right, 2 down: within 4
  CHECK_FALSE(game.add(mask, {8, 8}, cv::Point2d(24, 8)));                        // 4 and 4: 5.7 away
  CHECK(game.add(mask, {8, 8}, cv::Point2d(24.5, 4.5)));                          // 4 and 0: on the rim
  CHECK_FALSE(game.add(mask, {8, 8}, std::nullopt));                              // points nowhere
  CHECK(game.add(mask_with({32, 32}, {31, 31}), {32, 32}, cv::Point2d(32, 32)));  // the far corner is in the picture
  CHECK(game.pictures() == 5);
  CHECK(game.hits() == 3);
  // A disc of radius 4 has 49 pixels, all in the picture but for none; in the corner 3 of the cross are.
  CHECK(game.chance() == doctest::Approx((4 * 49 + 3) / 1024.0 / 5));
}
