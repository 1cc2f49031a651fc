#include "framework/data/mix.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace mtl {
namespace {

constexpr int64_t channels = 3;

/// Beta(a, a) after Joehnk (Metrika 8, 1964), which is quick for the small a of mixing.
double beta(double a, Generator& generator) {
  for (;;) {
    const double x = std::pow(generator.uniform(), 1 / a), y = std::pow(generator.uniform(), 1 / a);
    if (x + y <= 1 && x + y > 0) return x / (x + y);
  }
}

struct Rectangle {
  int64_t top, left, bottom, right;
  int64_t area() const { return (bottom - top) * (right - left); }
};

/// Of `area` of the square at a random place, cut off where it would stand out.
Rectangle random_rectangle(double area, int64_t side, Generator& generator) {
  const auto half = static_cast<int64_t>(std::lround(std::sqrt(area) * static_cast<double>(side) / 2));
  const auto y = static_cast<int64_t>(generator.below(static_cast<uint64_t>(side)));
  const auto x = static_cast<int64_t>(generator.below(static_cast<uint64_t>(side)));
  const auto inside = [side](int64_t position) { return std::clamp<int64_t>(position, 0, side); };
  return {inside(y - half), inside(x - half), inside(y + half), inside(x + half)};
}

void blend(float* a, float* b, int64_t values, float own) {
  for (int64_t i = 0; i < values; ++i) {
    const float first = a[i], second = b[i];
    a[i] = own * first + (1 - own) * second;
    b[i] = own * second + (1 - own) * first;
  }
}

void exchange(float* a, float* b, const Rectangle& part, int64_t side) {
  for (int64_t y = part.top; y < part.bottom; ++y) {
    const int64_t begin = (y * side + part.left) * channels, end = (y * side + part.right) * channels;
    std::swap_ranges(a + begin, a + end, b + begin);
  }
}

}  // namespace

Mix mix_batch(float* pixels, int64_t count, int64_t side, const AugmentSettings& settings, Generator generator) {
  if (settings.mixup == 0 && settings.cutmix == 0) return {};
  const bool by_cutmix = settings.mixup == 0 || (settings.cutmix > 0 && generator.chance(0.5));
  const int64_t values = side * side * channels;
  double own = beta(by_cutmix ? settings.cutmix : settings.mixup, generator);
  const Rectangle part = random_rectangle(1 - own, side, generator);
  if (by_cutmix) own = 1 - static_cast<double>(part.area()) / static_cast<double>(side * side);
  for (int64_t i = 0; i < count / 2; ++i) {  // an image in the middle is its own partner
    float *const a = pixels + i * values, *const b = pixels + (count - 1 - i) * values;
    if (by_cutmix)
      exchange(a, b, part, side);
    else
      blend(a, b, values, static_cast<float>(own));
  }
  return {own, bit(by_cutmix ? Augmentation::cutmix : Augmentation::mixup)};
}

}  // namespace mtl
