#include "framework/data/noise.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "framework/support/random.h"

namespace mtl {
namespace {

// Four uniform bytes sum to nearly normal (Irwin-Hall) at a small part of the price.
constexpr int sum_mean = 510;
constexpr double sum_deviation = 147.801;  // sqrt(4 (256^2 - 1) / 12)

/// Two sums of four bytes from each draw of eight.
void draw_sums(Generator& generator, std::vector<uint16_t>& sums) {
  constexpr uint64_t even_bytes = 0x00ff00ff00ff00ff;
  for (size_t i = 0; i < sums.size(); i += 2) {
    const uint64_t bits = generator.next();
    const uint64_t pairs = (bits & even_bytes) + (bits >> 8 & even_bytes);
    const uint64_t fours = pairs + (pairs >> 32);
    sums[i] = static_cast<uint16_t>(fours);
    sums[i + 1] = static_cast<uint16_t>(fours >> 16);
  }
}

}  // namespace

void add_noise(cv::Mat& image, double deviation, uint64_t seed) {
  Generator generator(seed);
  constexpr int fraction_bits = 16;
  const int scale = static_cast<int>(std::lround(255 * deviation / sum_deviation * (1 << fraction_bits)));
  const int width = 3 * image.cols;
  std::vector<uint16_t> sums((static_cast<size_t>(width) + 1) / 2 * 2);
  for (int y = 0; y < image.rows; ++y) {
    draw_sums(generator, sums);
    auto* row = image.ptr<uint8_t>(y);
    for (int x = 0; x < width; ++x) {
      const int change =
          ((sums[static_cast<size_t>(x)] - sum_mean) * scale + (1 << (fraction_bits - 1))) >> fraction_bits;
      row[x] = static_cast<uint8_t>(std::clamp(row[x] + change, 0, 255));
    }
  }
}

}  // namespace mtl
