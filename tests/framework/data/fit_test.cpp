#include "framework/data/fit.h"

#include <doctest/doctest.h>

#include <opencv2/core.hpp>

#include "framework/data/pixel_cache.h"
#include "tests/framework/data/pictures.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

InputSettings settings(const std::string& fit, int64_t size, int64_t resize = 0) {
  InputSettings input;
  input.fit = fit;
  input.size = size;
  input.resize = resize;
  return input;
}

}  // namespace

TEST_CASE("stretch, crop and pad give the sizes they promise") {
  const cv::Mat wide = test::gradient(200, 100);
  CHECK(fit(wide, settings("stretch", 64)).size() == cv::Size(64, 64));
  CHECK(fit(wide, settings("crop", 64)).size() == cv::Size(128, 64));
  CHECK(fit(wide, settings("crop", 64, 80)).size() == cv::Size(160, 80));
  CHECK(fit(wide, settings("pad", 64)).size() == cv::Size(64, 64));
  CHECK(fit(test::gradient(1, 5000), settings("crop", 64)).size() == cv::Size(64, 256));
  CHECK(fit(test::gradient(5000, 1), settings("pad", 64)).size() == cv::Size(64, 64));
}

TEST_CASE("shrinking takes means: a checkerboard becomes grey") {
  cv::Mat board(128, 128, CV_8UC3);
  for (int y = 0; y < 128; ++y)
    for (int x = 0; x < 128; ++x)
      board.at<cv::Vec3b>(y, x) = (x + y) % 2 ? cv::Vec3b(255, 255, 255) : cv::Vec3b(0, 0, 0);
  const cv::Mat small = fit(board, settings("stretch", 32));
  double low = 0, high = 0;
  cv::minMaxLoc(small.reshape(1), &low, &high);
  CHECK(low >= 127);
  CHECK(high <= 128);
}

TEST_CASE("pad leaves the picture in the middle, grey around it") {
  const cv::Mat padded = fit(cv::Mat(50, 100, CV_8UC3, cv::Scalar::all(255)), settings("pad", 64));
  CHECK(padded.at<cv::Vec3b>(0, 32)[0] == 128);
  CHECK(padded.at<cv::Vec3b>(32, 32)[0] == 255);
  CHECK(padded.at<cv::Vec3b>(63, 32)[0] == 128);
}

TEST_CASE("the middle is the middle") {
  const cv::Mat image = test::gradient(10, 6);
  const cv::Mat middle = center_crop(image, 4);
  CHECK(cv::norm(middle, image(cv::Rect(3, 1, 4, 4)), cv::NORM_INF) == 0);
}

TEST_CASE("what only shrinks is as large as the side that fit() scales by") {
  for (const char* kind : {"stretch", "crop"}) {
    CHECK(only_shrinks({200, 64}, settings(kind, 64)));
    CHECK_FALSE(only_shrinks({200, 63}, settings(kind, 64)));
    CHECK_FALSE(only_shrinks({63, 200}, settings(kind, 64)));
  }
  CHECK(only_shrinks({64, 20}, settings("pad", 64)));
  CHECK_FALSE(only_shrinks({63, 63}, settings("pad", 64)));
  InputSettings larger = settings("crop", 64);
  larger.resize = 80;
  CHECK(only_shrinks({80, 80}, larger));
  CHECK_FALSE(only_shrinks({79, 200}, larger));
}

TEST_CASE("pixels are decoded once while they fit the budget, and again beyond it") {
  class Counting : public ImageSource {
   public:
    cv::Mat read(size_t) const override {
      ++reads;
      return test::gradient(300, 300);
    }
    mutable int reads = 0;
  };
  const InputSettings input = settings("stretch", 400);  // 480 000 bytes: two fit in 1 MiB
  Counting source;
  PixelCache cache(source, 3, input, {1, {}});
  for (int round = 0; round < 3; ++round)
    for (size_t row = 0; row < 3; ++row) CHECK(cache.read(row).cols == 400);
  CHECK(cache.kept() == 2);
  CHECK(source.reads == 2 + 3);

  Counting again;
  PixelCache none(again, 3, input, {0, {}});
  none.read(0);
  none.read(0);
  CHECK(again.reads == 2);
}

TEST_CASE("pixels in a file are those in memory, within the same budget") {
  class Three : public ImageSource {
   public:
    cv::Mat read(size_t row) const override { return test::gradient(150 + static_cast<int>(row), 700); }
  };
  const test::TemporaryFolder folder;
  for (const char* kind : {"stretch", "crop", "pad"}) {
    CAPTURE(kind);
    const InputSettings input = settings(kind, 150);
    const Three source;
    PixelCache memory(source, 3, input, {16, {}});
    PixelCache file(source, 3, input, {16, folder.path()});
    for (int round = 0; round < 2; ++round)
      for (size_t row = 0; row < 3; ++row) CHECK(cv::norm(file.read(row), memory.read(row), cv::NORM_INF) == 0);
    CHECK(file.kept() == 3);
    CHECK(std::filesystem::is_empty(folder.path()));
  }
  const InputSettings large = settings("stretch", 400);  // 480 000 bytes: two fit in 1 MiB
  const Three source;
  PixelCache file(source, 3, large, {1, folder.path()});
  for (size_t row = 0; row < 3; ++row) CHECK(file.read(row).cols == 400);
  CHECK(file.kept() == 2);
  PixelCache(source, 3, large, {0, folder.path() / "missing"}).read(0);  // nothing to keep, no file
}
