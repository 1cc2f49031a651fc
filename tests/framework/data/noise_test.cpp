#include "framework/data/noise.h"

#include <doctest/doctest.h>

#include <cmath>
#include <opencv2/core.hpp>

using mtl::add_noise;

namespace {

cv::Mat grey(int width, int height) { return {height, width, CV_8UC3, cv::Scalar::all(128)}; }

}  // namespace

TEST_CASE("noise has the deviation asked for and no mean") {
  for (const double share : {0.02, 0.05, 0.1}) {
    cv::Mat image = grey(401, 300);
    add_noise(image, share, 7);
    cv::Mat change;
    image.reshape(1).convertTo(change, CV_32F, 1, -128);
    cv::Scalar mean, deviation;
    cv::meanStdDev(change, mean, deviation);
    // Rounding to whole values adds the variance of a uniform draw, 1/12.
    CHECK(deviation[0] == doctest::Approx(std::sqrt(share * 255 * share * 255 + 1.0 / 12)).epsilon(0.01));
    CHECK(std::abs(mean[0]) < 0.1);
  }
}

TEST_CASE("noise is spread as the sum of four uniform draws") {
  cv::Mat image = grey(401, 300);
  add_noise(image, 0.1, 9);
  cv::Mat change;
  image.reshape(1).convertTo(change, CV_32F, 1, -128);
  const double beyond = cv::countNonZero(cv::abs(change) >= 52) / static_cast<double>(change.total());
  // Irwin-Hall's tail: (2 - z)^4 / 24 on each side, z from the middle in units of one draw's range.
  const double z = 51.5 / (0.1 * 255) * std::sqrt(4.0 / 12);
  CHECK(beyond == doctest::Approx(2 * std::pow(2 - z, 4) / 24).epsilon(0.03));
}

TEST_CASE("neighbouring values and channels change independently") {
  cv::Mat image = grey(300, 300);
  add_noise(image, 0.05, 3);
  cv::Mat change;
  image.reshape(1).convertTo(change, CV_32F, 1, -128);
  const double variance = change.dot(change);
  for (int shift = 1; shift <= 4; ++shift) {
    const cv::Mat left = change.colRange(0, change.cols - shift), right = change.colRange(shift, change.cols);
    CHECK(std::abs(left.dot(right)) < 0.02 * variance);
  }
  CHECK(std::abs(change.rowRange(0, 299).dot(change.rowRange(1, 300))) < 0.02 * variance);
}

TEST_CASE("the seed decides, and values stay within 0 and 255") {
  cv::Mat a = grey(33, 5), b = grey(33, 5), c = grey(33, 5), unchanged = grey(33, 5);
  add_noise(a, 1, 1);
  add_noise(b, 1, 1);
  add_noise(c, 1, 2);
  add_noise(unchanged, 0, 1);
  CHECK(cv::norm(a, b, cv::NORM_INF) == 0);
  CHECK(cv::norm(a, c, cv::NORM_INF) > 0);
  CHECK(cv::norm(unchanged, grey(33, 5), cv::NORM_INF) == 0);
  CHECK(cv::countNonZero(a.reshape(1) == 0) > 0);
  CHECK(cv::countNonZero(a.reshape(1) == 255) > 0);
}
