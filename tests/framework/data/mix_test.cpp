#include "framework/data/mix.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

using namespace mtl;

namespace {

constexpr int64_t side = 8, values = side * side * 3;

/// Image i is filled with i + 1.
std::vector<float> images(int64_t count) {
  std::vector<float> pixels;
  for (int64_t i = 0; i < count; ++i) pixels.insert(pixels.end(), values, static_cast<float>(i + 1));
  return pixels;
}

AugmentSettings with(double mixup, double cutmix) {
  AugmentSettings settings;
  settings.mixup = mixup;
  settings.cutmix = cutmix;
  return settings;
}

}  // namespace

TEST_CASE("without mixup and cutmix nothing changes") {
  std::vector<float> pixels = images(3);
  const Mix mix = mix_batch(pixels.data(), 3, side, with(0, 0), Generator(1));
  CHECK(mix.own_share == 1);
  CHECK(mix.applied == 0);
  CHECK(pixels == images(3));
}

TEST_CASE("mixup blends each image with the mirrored one, in the stated share; the one in the middle stays") {
  std::vector<float> pixels = images(3);
  const Mix mix = mix_batch(pixels.data(), 3, side, with(0.4, 0), Generator(1));
  CHECK(mix.applied == bit(Augmentation::mixup));
  CHECK(mix.own_share > 0);
  CHECK(mix.own_share < 1);
  CHECK(pixels[0] == doctest::Approx(mix.own_share * 1 + (1 - mix.own_share) * 3));
  CHECK(pixels[values] == 2);
  CHECK(pixels[2 * values] == doctest::Approx(mix.own_share * 3 + (1 - mix.own_share) * 1));
}

TEST_CASE("cutmix: the share is that of the pixels which are the image's own") {
  for (uint64_t seed = 0; seed < 20; ++seed) {
    std::vector<float> pixels = images(2);
    const Mix mix = mix_batch(pixels.data(), 2, side, with(0, 1), Generator(seed));
    CHECK(mix.applied == bit(Augmentation::cutmix));
    const auto own = std::count(pixels.begin(), pixels.begin() + values, 1.0F);
    CHECK(mix.own_share == doctest::Approx(static_cast<double>(own) / values));
    CHECK(std::count(pixels.begin() + values, pixels.end(), 2.0F) == own);
  }
}

TEST_CASE("shares have Beta(a, a)'s mean and variance; with both on, each is taken half the time") {
  constexpr double a = 0.4;
  double sum = 0, squares = 0;
  int cut = 0;
  constexpr int draws = 20'000;
  for (uint64_t seed = 0; seed < draws; ++seed) {
    std::vector<float> pixels(2 * 3, 0);
    const double share = mix_batch(pixels.data(), 2, 1, with(a, 0), Generator(seed)).own_share;
    sum += share;
    squares += share * share;
    cut += mix_batch(pixels.data(), 2, 1, with(a, a), Generator(seed)).applied == bit(Augmentation::cutmix);
  }
  const double mean = sum / draws;
  CHECK(mean == doctest::Approx(0.5).epsilon(0.02));
  CHECK(squares / draws - mean * mean == doctest::Approx(1 / (4 * (2 * a + 1))).epsilon(0.02));
  CHECK(cut / static_cast<double>(draws) == doctest::Approx(0.5).epsilon(0.03));
}
