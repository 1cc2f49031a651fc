#include "framework/explain/overlay.h"

#include <doctest/doctest.h>

#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

Explanation with_heat(const cv::Mat& heat) { return {{}, 0, heat, {}}; }

cv::Mat plain(int size) { return {size, size, CV_8UC3, cv::Scalar(200, 100, 50)}; }

double lightness(const cv::Vec3b& bgr) {
  cv::Mat lab;
  cv::cvtColor(cv::Mat(1, 1, CV_8UC3, cv::Scalar(bgr[0], bgr[1], bgr[2])), lab, cv::COLOR_BGR2Lab);
  return lab.at<cv::Vec3b>(0, 0)[0];
}

}  // namespace

TEST_CASE("an overlay is the picture beside itself under the heat, enlarged by a whole number to 320 pixels or more") {
  const cv::Mat heat(3, 3, CV_32F, cv::Scalar(0.5));
  const auto size_of = [&](int side) { return overlay(plain(side), with_heat(heat)).size(); };
  CHECK(size_of(32) == cv::Size(2 * 320 + 8, 320));
  CHECK(size_of(96) == cv::Size(2 * 384 + 8, 384));
  CHECK(size_of(320) == cv::Size(2 * 320 + 8, 320));
  CHECK(size_of(512) == cv::Size(2 * 512 + 8, 512));

  cv::Mat picture = plain(96);
  picture.at<cv::Vec3b>(1, 2) = {1, 2, 3};
  const cv::Mat drawn = overlay(picture, with_heat(heat));
  CHECK(drawn.at<cv::Vec3b>(100, 100) == cv::Vec3b(50, 100, 200));  // blue, green, red
  for (const cv::Point corner : {cv::Point(8, 4), cv::Point(11, 7)})
    CHECK(drawn.at<cv::Vec3b>(corner) == cv::Vec3b(3, 2, 1));
  CHECK(drawn.at<cv::Vec3b>(8, 8) == cv::Vec3b(50, 100, 200));
  CHECK(drawn.at<cv::Vec3b>(0, 386) == cv::Vec3b(255, 255, 255));
}

TEST_CASE("more evidence is lighter, so that no colour vision is needed") {
  cv::Mat heat(1, 320, CV_32F);
  for (int x = 0; x < 320; ++x) heat.at<float>(x) = static_cast<float>(x) / 319;
  const cv::Mat drawn = overlay(plain(320), with_heat(heat));
  for (int x = 16; x < 320; x += 16)
    CHECK(lightness(drawn.at<cv::Vec3b>(160, 328 + x)) > lightness(drawn.at<cv::Vec3b>(160, 328 + x - 16)));
}

TEST_CASE("the peak has a ring, and a mask its outline on both sides") {
  Explanation explanation = with_heat(cv::Mat::zeros(10, 10, CV_32F));
  explanation.peak = cv::Point2d(160, 160);
  const cv::Mat flat = overlay(plain(320), with_heat(explanation.heat)), ringed = overlay(plain(320), explanation);
  CHECK(ringed.at<cv::Vec3b>(160, 328 + 160 + 9) != flat.at<cv::Vec3b>(160, 328 + 160 + 9));
  CHECK(ringed.at<cv::Vec3b>(160, 328 + 160) == flat.at<cv::Vec3b>(160, 328 + 160));

  cv::Mat mask(320, 320, CV_8U, cv::Scalar(0));
  mask(cv::Rect(40, 60, 100, 80)).setTo(255);
  const cv::Mat outlined = overlay(plain(320), with_heat(explanation.heat), mask);
  for (const int left : {0, 328}) CHECK(outlined.at<cv::Vec3b>(100, left + 40) == cv::Vec3b(255, 255, 0));
  CHECK(outlined.at<cv::Vec3b>(100, 90) == flat.at<cv::Vec3b>(100, 90));
}

TEST_CASE("files: a PNG that holds every pixel, a JPEG no wider than asked for") {
  const test::TemporaryFolder folder;
  const cv::Mat drawn = overlay(plain(32), with_heat(cv::Mat::ones(1, 1, CV_32F)));
  write_png(folder.path() / "o.png", drawn);
  CHECK(cv::norm(cv::imread(folder.path() / "o.png"), drawn, cv::NORM_INF) == 0);
  CHECK(cv::imdecode(thumbnail(drawn, 100), cv::IMREAD_COLOR).size() == cv::Size(100, 320 * 100 / 648));
  CHECK(cv::imdecode(thumbnail(drawn, 1000), cv::IMREAD_COLOR).size() == drawn.size());
}
