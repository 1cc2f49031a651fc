// Images per second that one core reads, fits to the network and augments.
#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>
#include <nlohmann/json.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>

#include "framework/data/augment.h"
#include "framework/data/manifest_images.h"
#include "framework/data/normalize.h"
#include "framework/data/pixel_cache.h"
#include "framework/support/atomic_file.h"
#include "tests/support/temporary_folder.h"

namespace {

using namespace mtl;
namespace fs = std::filesystem;

constexpr int pictures = 16;
constexpr int64_t max_pixels = 100'000'000;

/// Noise that is smooth enough to compress as a photograph does.
cv::Mat picture(int width, int height, int seed) {
  cv::Mat image(height / 4, width / 4, CV_8UC3);
  cv::theRNG().state = static_cast<uint64_t>(seed + 1);
  cv::randu(image, cv::Scalar::all(0), cv::Scalar::all(255));
  cv::resize(image, image, {width, height}, 0, 0, cv::INTER_CUBIC);
  return image;
}

std::vector<std::string> write_pictures(const fs::path& folder, const std::string& extension, int width, int height) {
  std::vector<std::string> names;
  for (int i = 0; i < pictures; ++i) {
    std::vector<uint8_t> bytes;
    cv::imencode(extension, picture(width, height, i), bytes);
    names.push_back("picture" + std::to_string(i) + extension);
    write_file(folder / names.back(), {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  return names;
}

template <class Work>
double images_per_second(double seconds, Work&& work) {
  const auto start = std::chrono::steady_clock::now();
  const auto passed = [&] { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); };
  size_t done = 0;
  while (done < pictures || passed() < seconds) work(done++ % pictures);
  return static_cast<double>(done) / passed();
}

AugmentSettings everything() {
  AugmentSettings settings;
  settings.horizontal_flip = settings.vertical_flip = settings.quarter_turn = settings.cutout = 0.5;
  settings.crop_min_area = 0.6;
  settings.brightness = settings.contrast = 0.2;
  settings.noise = 0.02;
  return settings;
}

}  // namespace

int main(int argc, char** argv) {
  int width = 1280, height = 960;
  double seconds = 2;
  InputSettings input;
  input.size = 224;
  CLI::App app{"Times reading, fitting and augmenting on one core; prints a JSON object per file format."};
  app.add_option("--width", width, "Pixels of the files")->check(CLI::Range(32, 8192))->capture_default_str();
  app.add_option("--height", height, "Pixels of the files")->check(CLI::Range(32, 8192))->capture_default_str();
  app.add_option("--size", input.size, "Pixels of the network's input")
      ->check(CLI::Range(32, 1024))
      ->capture_default_str();
  app.add_option("--seconds", seconds, "For each figure")->check(CLI::Range(0.1, 600.0))->capture_default_str();
  CLI11_PARSE(app, argc, argv);

  cv::setNumThreads(1);
  const test::TemporaryFolder folder;
  const auto size = static_cast<int>(input.size);
  for (const char* extension : {".jpg", ".png", ".bmp", ".tiff"}) {
    const ManifestImages images(folder.path(), write_pictures(folder.path(), extension, width, height), max_pixels);
    PixelCache pixels(images, pictures, input, {0, {}});  // keeps none: every read decodes
    std::vector<cv::Mat> fitted;
    for (size_t i = 0; i < pictures; ++i) fitted.push_back(pixels.read(i));
    const AugmentSettings augmentation = everything();
    const double decode = images_per_second(seconds, [&](size_t i) { pixels.read(i); });
    const double change =
        images_per_second(seconds, [&](size_t i) { augment(fitted[i], augmentation, size, Generator(i)); });
    std::vector<float> floats(static_cast<size_t>(3 * size * size));
    const double normalized =
        images_per_second(seconds, [&](size_t i) { normalize(fitted[i], Normalization(), floats.data()); });
    const double both =
        images_per_second(seconds, [&](size_t i) { augment(pixels.read(i), augmentation, size, Generator(i)); });
    std::cout << nlohmann::ordered_json{{"format", extension},
                                        {"decode_and_fit_images_per_second", decode},
                                        {"augment_images_per_second", change},
                                        {"normalize_images_per_second", normalized},
                                        {"decode_fit_augment_images_per_second", both}}
                     .dump()
              << std::endl;
  }
}
