#include "framework/explain/fitted_mask.h"

#include <doctest/doctest.h>

#include <opencv2/imgproc.hpp>

#include "tests/framework/data/pictures.h"
#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::contains;

namespace {

InputSettings input(const std::string& fit, int64_t resize = 0) {
  InputSettings settings;
  settings.size = 32;
  settings.resize = resize;
  settings.fit = fit;
  return settings;
}

/// The mask after it was written and read; its picture is as large as itself where nothing else is said.
cv::Mat fitted(const cv::Mat& mask, const InputSettings& settings, cv::Size picture = {}) {
  const test::TemporaryFolder folder;
  const auto file = folder.write("m.png", test::encoded(".png", mask));
  return read_fitted_mask(file, picture.empty() ? mask.size() : picture, settings, 1'000'000);
}

cv::Rect marked(const cv::Mat& mask) { return cv::boundingRect(mask); }

}  // namespace

TEST_CASE("a picture's mask has its name with another end") {
  CHECK(mask_of("a/b.c/name.jpg", ".png") == "a/b.c/name.png");
  CHECK(mask_of("name.x.png", "_mask.png") == "name.x_mask.png");
}

TEST_CASE("a mask goes where its picture goes") {
  cv::Mat right(32, 64, CV_8U, cv::Scalar(0));
  right.colRange(32, 64).setTo(255);
  CHECK(marked(fitted(right, input("stretch"))) == cv::Rect(16, 0, 16, 32));
  CHECK(marked(fitted(right, input("pad"))) == cv::Rect(16, 8, 16, 16));
  CHECK(marked(fitted(right, input("crop"))) == cv::Rect(16, 0, 16, 32));
  CHECK(marked(fitted(right, input("crop", 64))) == cv::Rect(16, 0, 16, 32));  // twice as large, then its middle
  cv::Mat edge(32, 64, CV_8U, cv::Scalar(0));
  edge.colRange(0, 8).setTo(255);
  CHECK(cv::countNonZero(fitted(edge, input("crop"))) == 0);  // was cut off
  const cv::Mat small = right(cv::Rect(24, 0, 16, 8));        // its right half is marked
  CHECK(marked(fitted(small, input("stretch"))) == cv::Rect(16, 0, 16, 32));
}

TEST_CASE("a mark as thin as a hair survives, what is not lighter than 127 marks nothing, and colour does not matter") {
  cv::Mat hair(256, 256, CV_8U, cv::Scalar(0));
  hair.col(100).setTo(255);
  CHECK(marked(fitted(hair, input("stretch"))) == cv::Rect(12, 0, 1, 32));
  CHECK(cv::countNonZero(fitted(cv::Mat(64, 64, CV_8U, cv::Scalar(127)), input("pad"))) == 0);
  CHECK(cv::countNonZero(fitted(cv::Mat(64, 64, CV_8U, cv::Scalar(128)), input("pad"))) == 32 * 32);
  CHECK(cv::countNonZero(fitted(cv::Mat(64, 64, CV_8UC3, cv::Scalar(0, 0, 200)), input("pad"))) == 32 * 32);
}

TEST_CASE("a mask of another shape than its picture is refused, one of another size is not") {
  const cv::Mat mask(40, 60, CV_8U, cv::Scalar(255));
  CHECK(cv::countNonZero(fitted(mask, input("stretch"), {120, 80})) == 32 * 32);
  CHECK(cv::countNonZero(fitted(mask, input("stretch"), {121, 80})) == 32 * 32);  // rounding of a reduced picture
  const std::string sentence = test::error_of([&] { fitted(mask, input("stretch"), {80, 120}); });
  CHECK(contains(sentence, "m.png' has 60x40 pixels and its picture 80x120"));
  const test::TemporaryFolder folder;
  CHECK(contains(test::error_of([&] {
                   read_fitted_mask(folder.write("text.png", "no mask"), {32, 32}, input("pad"), 1'000'000);
                 }),
                 "text.png' is no PNG"));
}
