#include "framework/data/synthetic/surface.h"

#include "framework/support/random.h"

namespace mtl::synthetic {
namespace {

/// A value in -1..1 for a corner of the noise's grid.
float corner(int64_t x, int64_t y, uint64_t seed) {
  Generator generator(seed ^
                      (static_cast<uint64_t>(x) * 0x9e3779b97f4a7c15 + static_cast<uint64_t>(y) * 0xc2b2ae3d27d4eb4f));
  return static_cast<float>(generator.uniform(-1, 1));
}

}  // namespace

int64_t changed_texels(const Surface& a, const Surface& b) {
  int64_t changed = 0;
  for (int y = 0; y < a.size(); ++y)
    for (int x = 0; x < a.size(); ++x) {
      const Texel &s = a.at(x, y), &t = b.at(x, y);
      const float colour = std::abs(s.albedo[0] - t.albedo[0]) + std::abs(s.albedo[1] - t.albedo[1]) +
                           std::abs(s.albedo[2] - t.albedo[2]);
      changed += s.part != t.part || colour > 0.02F || std::abs(s.height - t.height) > 0.0005F ||
                 std::abs(s.gloss - t.gloss) > 0.02F || std::abs(s.roughness - t.roughness) > 0.02F;
    }
  return changed;
}

float smooth_noise(Point at, float frequency, uint64_t seed) {
  const float x = at.x * frequency, y = at.y * frequency;
  const auto x0 = static_cast<int64_t>(std::floor(x)), y0 = static_cast<int64_t>(std::floor(y));
  const auto ease = [](float t) { return t * t * (3 - 2 * t); };
  const float u = ease(x - static_cast<float>(x0)), v = ease(y - static_cast<float>(y0));
  const float top = std::lerp(corner(x0, y0, seed), corner(x0 + 1, y0, seed), u);
  const float bottom = std::lerp(corner(x0, y0 + 1, seed), corner(x0 + 1, y0 + 1, seed), u);
  return std::lerp(top, bottom, v);
}

float cloud_noise(Point at, float frequency, uint64_t seed) {
  return (smooth_noise(at, frequency, seed) + 0.5F * smooth_noise(at, 2 * frequency, seed + 1) +
          0.25F * smooth_noise(at, 4 * frequency, seed + 2)) /
         1.75F;
}

float distance_to_segment(Point at, Point from, Point to) {
  const float dx = to.x - from.x, dy = to.y - from.y, length = dx * dx + dy * dy;
  const float t = length > 0 ? std::clamp(((at.x - from.x) * dx + (at.y - from.y) * dy) / length, 0.0F, 1.0F) : 0;
  return distance(at, {from.x + t * dx, from.y + t * dy});
}

float distance_to_path(Point at, const std::vector<Point>& path) {
  float least = 2;
  for (size_t i = 1; i < path.size(); ++i) least = std::min(least, distance_to_segment(at, path[i - 1], path[i]));
  return least;
}

}  // namespace mtl::synthetic
