#include "framework/data/synthetic/geometry.h"

#include <numbers>

namespace mtl::synthetic {
namespace {

constexpr float chamfer_width = 0.045F;
constexpr float pi = std::numbers::pi_v<float>;

float draw(Generator& generator, double low, double high) { return static_cast<float>(generator.uniform(low, high)); }

std::array<float, 3> normalized(std::array<float, 3> v) {
  const float length = std::hypot(v[0], v[1], v[2]);
  for (float& c : v) c /= length;
  return v;
}

}  // namespace

float Part::radius_at(float x) const {
  if (x >= end) return 0;
  float r = radius - taper_slope * std::max(0.0F, x - taper_start);
  if (x > end - chamfer_width) r -= x - (end - chamfer_width);
  return std::max(r, 0.0F);
}

Point Part::place(Generator& generator) const {
  const float right = std::min(end, 1.0F) - (region == Region::end ? 0.16F : 0.2F);
  const float x = draw(generator, 0.2, right);
  return {x, axis + 0.55F * radius_at(x) * draw(generator, -1, 1)};
}

Part make_part(Region region, int size, Generator& generator) {
  Part part{Surface(size), region, draw(generator, 0.47, 0.53), draw(generator, 0.40, 0.44), 2};
  if (region == Region::end) {
    part.end = draw(generator, 0.78, 0.9);
    part.taper_start = part.end - draw(generator, 0.3, 0.4);
    part.taper_slope = draw(generator, 0.25, 0.4);
  }
  const float brightness = draw(generator, 0.38, 0.5), tint = draw(generator, -0.015, 0.015);
  const float groove_frequency = draw(generator, 14, 20), groove_depth = draw(generator, 0.0006, 0.0011),
              phase = draw(generator, 0, 6);
  const uint64_t grain = generator.next();

  for (int y = 0; y < size; ++y)
    for (int x = 0; x < size; ++x) {
      Texel& texel = part.surface.at(x, y);
      const Point at = part.surface.point(x, y);
      const float r = part.radius_at(at.x), s = r > 0 ? (at.y - part.axis) / r : 2;
      texel.part = std::abs(s) < 1;
      if (!texel.part) continue;
      const bool on_chamfer = at.x > part.end - chamfer_width, on_taper = at.x > part.taper_start;
      const float tilt = on_chamfer ? 0.9F : on_taper ? 1.2F * part.taper_slope : 0;
      texel.normal = normalized({tilt, 0.85F * s, std::sqrt(1 - 0.72F * s * s)});
      const float shade = brightness * (1 + 0.06F * smooth_noise({at.x, 0.2F * at.y}, 40, grain));
      texel.albedo = {shade + tint, shade, shade - tint};
      texel.gloss = 0.5F;
      texel.roughness = 0.35F;
      texel.height =
          groove_depth * std::sin(2 * pi * groove_frequency * at.x + phase + 0.6F * smooth_noise(at, 6, grain + 1));
    }
  return part;
}

}  // namespace mtl::synthetic
