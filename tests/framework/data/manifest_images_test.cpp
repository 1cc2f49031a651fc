#include "framework/data/manifest_images.h"

#include <doctest/doctest.h>

#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "framework/data/image_header.h"
#include "framework/support/random.h"
#include "tests/framework/data/pictures.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::encoded;
using test::gradient;

namespace {

constexpr int64_t many_pixels = 100'000'000;

cv::Mat read(const std::string& name, const std::string& bytes, int64_t max_pixels = many_pixels) {
  const test::TemporaryFolder folder;
  folder.write(name, bytes);
  return ManifestImages(folder.path(), {name}, max_pixels).read(0);
}

/// The sentence with the folder's path, which no test knows, taken out.
std::string error(const std::string& name, const std::string& bytes, int64_t max_pixels = many_pixels) {
  const test::TemporaryFolder folder;
  folder.write(name, bytes);
  std::string text = test::error_of([&] { ManifestImages(folder.path(), {name}, max_pixels).read(0); });
  const std::string prefix = folder.path().string() + "/";
  if (const size_t at = text.find(prefix); at != std::string::npos) text.erase(at, prefix.size());
  return text;
}

bool same(const cv::Mat& a, const cv::Mat& b) {
  return a.size() == b.size() && a.type() == b.type() && cv::norm(a, b, cv::NORM_INF) == 0;
}

std::string png_of_size(uint32_t width, uint32_t height) {
  std::string bytes = encoded(".png", gradient(4, 4));
  for (int i = 0; i < 4; ++i) {
    bytes[static_cast<size_t>(16 + i)] = static_cast<char>(width >> (24 - 8 * i));
    bytes[static_cast<size_t>(20 + i)] = static_cast<char>(height >> (24 - 8 * i));
  }
  return bytes;
}

}  // namespace

TEST_CASE("lossless kinds come back as RGB, 8 bit, whatever they were") {
  const cv::Mat colour = gradient(37, 21);
  cv::Mat rgb;
  cv::cvtColor(colour, rgb, cv::COLOR_BGR2RGB);
  for (const char* extension : {".png", ".bmp", ".tiff"})
    CHECK(same(read(std::string("a") + extension, encoded(extension, colour)), rgb));
  CHECK(same(read("deep.png", encoded(".png", gradient(37, 21, CV_16UC3))), rgb));
  CHECK(same(read("deep.tiff", encoded(".tiff", gradient(37, 21, CV_16UC3))), rgb));

  const cv::Mat grey = gradient(37, 21, CV_8UC1);
  cv::Mat grey_rgb;
  cv::cvtColor(grey, grey_rgb, cv::COLOR_GRAY2RGB);
  CHECK(same(read("grey.png", encoded(".png", grey)), grey_rgb));
  CHECK(same(read("grey16.png", encoded(".png", gradient(37, 21, CV_16UC1))), grey_rgb));

  cv::Mat with_alpha;
  cv::cvtColor(colour, with_alpha, cv::COLOR_BGR2BGRA);
  CHECK(same(read("alpha.png", encoded(".png", with_alpha)), rgb));
}

TEST_CASE("a JPEG is near the original and stands upright as EXIF says") {
  cv::Mat halves(40, 60, CV_8UC3, cv::Scalar::all(20));
  halves(cv::Rect(0, 0, 30, 40)).setTo(cv::Scalar::all(230));  // left is bright
  const std::string jpeg = encoded(".jpg", halves);
  const cv::Mat plain = read("a.jpg", jpeg);
  CHECK(plain.size() == cv::Size(60, 40));
  CHECK(plain.at<cv::Vec3b>(20, 10)[0] > 200);
  CHECK(plain.at<cv::Vec3b>(20, 50)[0] < 50);
  const cv::Mat turned = read("a.jpg", test::with_orientation(jpeg, 6));  // turn right to stand upright
  CHECK(turned.size() == cv::Size(40, 60));
  CHECK(turned.at<cv::Vec3b>(10, 20)[0] > 200);
  CHECK(turned.at<cv::Vec3b>(50, 20)[0] < 50);
  const cv::Mat mirrored = read("a.jpg", test::with_orientation(jpeg, 2));
  CHECK(mirrored.at<cv::Vec3b>(20, 50)[0] > 200);
}

TEST_CASE("a JPEG is decoded at the smallest part of its size that suffices, with what area means make of it") {
  cv::Mat picture(15, 20, CV_8UC3);
  Generator random(5);
  for (int i = 0; i < 900; ++i) picture.data[i] = static_cast<uint8_t>(random.below(256));
  cv::resize(picture, picture, {643, 482}, 0, 0, cv::INTER_CUBIC);
  const test::TemporaryFolder folder;
  const std::string jpeg = encoded(".jpg", picture);
  folder.write("a.jpg", jpeg);
  folder.write("turned.jpg", test::with_orientation(jpeg, 6));
  folder.write("a.png", encoded(".png", picture));
  const ManifestImages images(folder.path(), {"a.jpg", "turned.jpg", "a.png"}, many_pixels);
  const auto at_least = [](int side) {
    return [side](cv::Size size) { return std::min(size.width, size.height) >= side; };
  };

  const cv::Mat full = images.read(0);
  for (const auto& [side, expected] : {std::pair{483, cv::Size(643, 482)},
                                       {482, {643, 482}},
                                       {241, {322, 241}},
                                       {122, {322, 241}},
                                       {121, {161, 121}},
                                       {61, {81, 61}},
                                       {1, {81, 61}}}) {
    CAPTURE(side);
    const cv::Mat reduced = images.read_reduced(0, at_least(side));
    REQUIRE(reduced.size() == expected);
    const int factor = (full.cols + expected.width - 1) / expected.width;
    cv::Mat whole, means;  // the last pixels may stand for less than a whole square of the picture
    cv::copyMakeBorder(full, whole, 0, expected.height * factor - full.rows, 0, expected.width * factor - full.cols,
                       cv::BORDER_REPLICATE);
    cv::resize(whole, means, expected, 0, 0, cv::INTER_AREA);
    CHECK(cv::norm(reduced, means, cv::NORM_L1) / static_cast<double>(3 * means.total()) < 2);
  }
  CHECK(images.read_reduced(1, at_least(100)).size() == cv::Size(121, 161));
  CHECK(same(images.read_reduced(2, at_least(100)), images.read(2)));
}

TEST_CASE("what is no picture is refused with what it is") {
  const std::string png = encoded(".png", gradient(64, 64)), jpeg = encoded(".jpg", gradient(64, 64));
  CHECK(error("a.png", "hello, I am text\n") ==
        "image 'a.png' is no PNG, JPEG, BMP or TIFF picture, whatever its name says");
  CHECK(error("a.png", "") == "image 'a.png' is empty; restore the file");
  CHECK(error("a.jpg", jpeg.substr(0, jpeg.size() / 2)) ==
        "image 'a.jpg' is cut short: the end of the JPEG file is missing; restore it");
  CHECK(error("a.png", png.substr(0, png.size() / 2)) ==
        "image 'a.png' is cut short: the end of the PNG file is missing; restore it");
  const std::string bmp = encoded(".bmp", gradient(64, 64));
  CHECK(error("a.bmp", bmp.substr(0, bmp.size() / 2)) ==
        "image 'a.bmp' is cut short: the end of the BMP file is missing; restore it");
  CHECK(error("a.png", png_of_size(0, 0)) == "image 'a.png' has a size of 0x0 pixels; a picture is expected");
  CHECK(error("a.png", png_of_size(30000, 30000)) ==
        "image 'a.png' has 30000x30000 pixels, more than data.max_pixels = 100000000; reduce it or raise the limit");
  CHECK(error("a.png", png_of_size(0xffffffff, 0xffffffff)).find("more than data.max_pixels") != std::string::npos);
  CHECK(error("a.png", png, 1000) ==
        "image 'a.png' has 64x64 pixels, more than data.max_pixels = 1000; reduce it or raise the limit");
  const test::TemporaryFolder folder;
  CHECK(test::error_of([&] { ManifestImages(folder.path(), {"no.png"}, many_pixels).read(0); }) ==
        "image '" + (folder.path() / "no.png").string() + "' is not there; correct its path or restore the file");
  std::filesystem::create_directory(folder.path() / "d.png");
  CHECK(test::error_of([&] { ManifestImages(folder.path(), {"d.png"}, many_pixels).read(0); }).find("is no file") !=
        std::string::npos);
}

TEST_CASE("sizes are known before anything is decoded") {
  for (const char* extension : {".png", ".jpg", ".bmp", ".tiff"}) {
    const auto header = parse_image_header(encoded(extension, gradient(123, 45)));
    REQUIRE(header.has_value());
    CHECK(header->width == 123);
    CHECK(header->height == 45);
  }
  CHECK_FALSE(parse_image_header("GIF89a..........................").has_value());
  CHECK_FALSE(parse_image_header("").has_value());
}

TEST_CASE("no damage does more than give a sentence") {
  Generator random(1);
  const test::TemporaryFolder folder;
  for (const char* extension : {".png", ".jpg", ".bmp", ".tiff"}) {
    const std::string good = encoded(extension, gradient(20, 20));
    for (int i = 0; i < 60; ++i) {
      std::string bad = good.substr(0, 1 + random.below(good.size()));
      for (int flips = 0; flips < 4; ++flips) bad[random.below(bad.size())] = static_cast<char>(random.below(256));
      const std::string name = std::string("x") + extension;
      folder.write(name, bad);
      cv::Mat image;
      const std::string text =
          test::error_of([&] { image = ManifestImages(folder.path(), {name}, 1'000'000).read(0); });
      CHECK(text.empty() != image.empty());
      if (!text.empty()) CHECK(text.rfind("image '", 0) == 0);
    }
  }
}
