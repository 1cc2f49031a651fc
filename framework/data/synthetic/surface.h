#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace mtl::synthetic {

struct Point {
  float x, y;  ///< 0..1 across the photograph
};

/// One place of the part's surface.
struct Texel {
  std::array<float, 3> normal{0, 0, 1};  ///< of the part's shape, without its texture
  std::array<float, 3> albedo{0, 0, 0};  ///< share of light that is scattered, RGB
  float height = 0;                      ///< of the texture above the shape, in widths of the photograph
  float gloss = 0;                       ///< share of light that is mirrored
  float roughness = 0.3F;                ///< 0 a mirror, 1 chalk: spreads what is mirrored
  bool part = false;                     ///< else background
};

/// What a photograph shows before any light falls on it: size x size texels, row by row.
class Surface {
 public:
  explicit Surface(int size) : size_(size), texels_(static_cast<size_t>(size) * static_cast<size_t>(size)) {}
  int size() const { return size_; }
  Texel& at(int x, int y) {
    return texels_[static_cast<size_t>(y) * static_cast<size_t>(size_) + static_cast<size_t>(x)];
  }
  const Texel& at(int x, int y) const { return const_cast<Surface*>(this)->at(x, y); }

  /// Calls change(point, texel) for every texel of the part.
  template <class Change>
  void change(Change&& change) {
    for (int y = 0; y < size_; ++y)
      for (int x = 0; x < size_; ++x)
        if (Texel& texel = at(x, y); texel.part) change(point(x, y), texel);
  }
  Point point(int x, int y) const {
    return {(static_cast<float>(x) + 0.5F) / static_cast<float>(size_),
            (static_cast<float>(y) + 0.5F) / static_cast<float>(size_)};
  }

 private:
  int size_;
  std::vector<Texel> texels_;
};

/// Texels that differ noticeably between two surfaces of one size.
int64_t changed_texels(const Surface& a, const Surface& b);

/// Smooth noise in -1..1 with detail of about 1/frequency; the same for the same seed.
float smooth_noise(Point at, float frequency, uint64_t seed);
/// Three octaves of it.
float cloud_noise(Point at, float frequency, uint64_t seed);

inline float distance(Point a, Point b) { return std::hypot(a.x - b.x, a.y - b.y); }
float distance_to_segment(Point at, Point from, Point to);
float distance_to_path(Point at, const std::vector<Point>& path);

/// 1 up to `from`, 0 beyond `to`, smooth between.
inline float fall_off(float value, float from, float to) {
  const float t = std::clamp((value - from) / (to - from), 0.0F, 1.0F);
  return 1 - t * t * (3 - 2 * t);
}

inline void blend(std::array<float, 3>& colour, const std::array<float, 3>& towards, float share) {
  for (size_t c = 0; c < 3; ++c) colour[c] += share * (towards[c] - colour[c]);
}

}  // namespace mtl::synthetic
