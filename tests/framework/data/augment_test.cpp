#include "framework/data/augment.h"

#include <doctest/doctest.h>

#include <cmath>
#include <opencv2/core.hpp>

#include "framework/data/augmentation_check.h"
#include "tests/framework/data/pictures.h"

using namespace mtl;

namespace {

bool same(const cv::Mat& a, const cv::Mat& b) { return a.size() == b.size() && cv::norm(a, b, cv::NORM_INF) == 0; }

/// The image changed by one augmentation that always applies.
template <class Change>
Augmented changed(const cv::Mat& image, Change&& change, uint64_t seed = 1) {
  AugmentSettings settings;
  change(settings);
  return augment(image, settings, image.cols, Generator(seed));
}

}  // namespace

TEST_CASE("with everything off the image stays as it is") {
  const cv::Mat image = test::gradient(32, 32);
  const Augmented result = augment(image, {}, 32, Generator(1));
  CHECK(same(result.image, image));
  CHECK(result.applied == 0);
}

TEST_CASE("flips and quarter turns move pixels and nothing else") {
  const cv::Mat image = test::gradient(32, 32);
  cv::Mat expected;
  cv::flip(image, expected, 1);
  const Augmented horizontal = changed(image, [](AugmentSettings& s) { s.horizontal_flip = 1; });
  CHECK(same(horizontal.image, expected));
  CHECK(horizontal.applied == bit(Augmentation::horizontal_flip));
  cv::flip(image, expected, 0);
  CHECK(same(changed(image, [](AugmentSettings& s) { s.vertical_flip = 1; }).image, expected));
  int seen = 0;
  for (uint64_t seed = 0; seed < 40; ++seed) {
    const Augmented turned = changed(
        image, [](AugmentSettings& s) { s.quarter_turn = 1; }, seed);
    CHECK(turned.applied == bit(Augmentation::quarter_turn));
    for (int code : {cv::ROTATE_90_CLOCKWISE, cv::ROTATE_180, cv::ROTATE_90_COUNTERCLOCKWISE}) {
      cv::rotate(image, expected, code);
      if (same(turned.image, expected)) seen |= 1 << code;
    }
  }
  CHECK(seen == 7);
}

TEST_CASE("brightness scales, contrast moves about the mean") {
  cv::Mat image(32, 32, CV_8UC3, cv::Scalar::all(60));
  image(cv::Rect(0, 0, 16, 32)).setTo(cv::Scalar::all(120));  // mean 90
  const auto values = [](const cv::Mat& m) {
    return std::pair<double, double>(m.at<cv::Vec3b>(0, 0)[0], m.at<cv::Vec3b>(0, 31)[0]);
  };
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto [a, b] = values(changed(
                                   image, [](AugmentSettings& s) { s.brightness = 0.5; }, seed)
                                   .image);
    CHECK(a / b == doctest::Approx(2).epsilon(0.03));
    CHECK(b >= 29);
    CHECK(b <= 91);
    const auto [c, d] = values(changed(
                                   image, [](AugmentSettings& s) { s.contrast = 0.5; }, seed)
                                   .image);
    CHECK((c + d) / 2 == doctest::Approx(90).epsilon(0.02));
    CHECK(c - d >= 29);
    CHECK(c - d <= 91);
  }
}

TEST_CASE("noise has no mean and the deviation that was drawn at most") {
  const cv::Mat grey(128, 128, CV_8UC3, cv::Scalar::all(128));
  double largest = 0;
  for (uint64_t seed = 0; seed < 20; ++seed) {
    cv::Mat difference;
    changed(
        grey, [](AugmentSettings& s) { s.noise = 0.1; }, seed)
        .image.convertTo(difference, CV_32F);
    cv::Scalar mean, deviation;
    cv::meanStdDev(difference, mean, deviation);
    CHECK(std::abs(mean[0] - 128) < 1);
    CHECK(deviation[0] < 26.5);
    largest = std::max(largest, deviation[0]);
  }
  CHECK(largest > 20);
}

TEST_CASE("cut-out is one grey square of its size") {
  const cv::Mat white(40, 40, CV_8UC3, cv::Scalar::all(255));
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const Augmented result = changed(
        white,
        [](AugmentSettings& s) {
          s.cutout = 1;
          s.cutout_size = 0.25;
        },
        seed);
    cv::Mat channel;
    cv::extractChannel(result.image, channel, 0);
    CHECK(cv::countNonZero(channel == 128) == 100);
    CHECK(cv::countNonZero(channel == 255) == 1500);
  }
}

TEST_CASE("a crop keeps its share of the area") {
  // Each pixel says where it was.
  cv::Mat map(100, 100, CV_8UC3);
  for (int y = 0; y < 100; ++y)
    for (int x = 0; x < 100; ++x)
      map.at<cv::Vec3b>(y, x) = cv::Vec3b(static_cast<uint8_t>(2 * x), static_cast<uint8_t>(2 * y), 0);
  double least = 1;
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const Augmented result = changed(
        map, [](AugmentSettings& s) { s.crop_min_area = 0.4; }, seed);
    CHECK(result.image.size() == cv::Size(100, 100));
    const auto from = result.image.at<cv::Vec3b>(0, 0), to = result.image.at<cv::Vec3b>(99, 99);
    const double area = (to[0] - from[0]) / 200.0 * (to[1] - from[1]) / 200.0;
    CHECK(area > 0.35);
    least = std::min(least, area);
  }
  CHECK(least < 0.5);
}

TEST_CASE("turning one augmentation on leaves the others' draws as they were") {
  const cv::Mat image = test::gradient(32, 32);
  for (uint64_t seed = 0; seed < 20; ++seed) {
    const auto flips = [&](bool with_noise) {
      return changed(
                 image,
                 [&](AugmentSettings& s) {
                   s.horizontal_flip = s.vertical_flip = 0.5;
                   s.noise = with_noise ? 0.01 : 0;
                 },
                 seed)
                 .applied &
             ~bit(Augmentation::noise);
    };
    CHECK(flips(true) == flips(false));
  }
}

TEST_CASE("an augmentation that a label does not survive is told with the ways out") {
  const AugmentationSet flip = bit(Augmentation::horizontal_flip), noise = bit(Augmentation::noise);
  CHECK(augmentation_problems(flip, {"A", flip | noise, 0}).empty());
  CHECK(augmentation_problems(flip, {"D", noise, flip}).empty());
  const auto problems = augmentation_problems(flip | noise, {"D", noise, 0});
  REQUIRE(problems.size() == 1);
  CHECK(problems[0] ==
        "the label of task 'D' does not survive the augmentation horizontal_flip; turn it off in [augment], set mask = "
        "[\"horizontal_flip\"] in the task to leave its loss out on such images, or add horizontal_flip to the task's "
        "option `survives` "
        "where the label is true all the same");
}
