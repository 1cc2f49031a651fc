#include <numbers>

#include "framework/data/synthetic/defects.h"

// Heights are in widths of the photograph: a slope of 0.3 is a height of 0.003 over a hundredth of the width.
namespace mtl::synthetic {
namespace {

constexpr float pi = std::numbers::pi_v<float>;

Point shifted(Point from, float angle, float length) {
  return {from.x + length * std::cos(angle), from.y + length * std::sin(angle)};
}

/// A line through `middle` with a random bend at every step.
std::vector<Point> wander(Point middle, float angle, float length, int steps, float bend, Generator& generator) {
  std::vector<Point> path{shifted(middle, angle, -length / 2)};
  for (int i = 0; i < steps; ++i)
    path.push_back(shifted(path.back(), angle + draw(generator, -bend, bend), length / static_cast<float>(steps)));
  return path;
}

/// A round hole: `edge` of its radius is wall, the rest floor.
void press(Part& part, Point middle, float radius, float depth, float edge) {
  part.surface.change([=](Point at, Texel& texel) {
    texel.height -= depth * fall_off(distance(at, middle), radius * (1 - edge), radius);
  });
}

void darken(Part& part, Point middle, float radius, float share) {
  part.surface.change([=](Point at, Texel& texel) {
    const float inside = share * fall_off(distance(at, middle), 0.6F * radius, radius);
    blend(texel.albedo, {0.04F, 0.04F, 0.04F}, inside);
    texel.gloss *= 1 - inside;
  });
}

}  // namespace

void scratch(Part& part, Generator& generator) {
  const float width = draw(generator, 0.008, 0.014), depth = draw(generator, 0.004, 0.009);
  // Across the turning marks or steep to them: along them it would be one of them.
  const auto path =
      wander(part.place(generator), draw(generator, -0.9, 0.9), draw(generator, 0.3, 0.6), 5, 0.12F, generator);
  part.surface.change(
      [&](Point at, Texel& texel) { texel.height -= depth * fall_off(distance_to_path(at, path), 0, width); });
}

void gouge(Part& part, Generator& generator) {
  const float width = draw(generator, 0.035, 0.06), depth = draw(generator, 0.014, 0.028);
  const auto path =
      wander(part.place(generator), draw(generator, -1.2, 1.2), draw(generator, 0.15, 0.28), 3, 0.2F, generator);
  part.surface.change([&](Point at, Texel& texel) {
    const float d = distance_to_path(at, path);
    texel.height -= depth * fall_off(d, 0, width);
    texel.height +=
        0.45F * depth * fall_off(std::abs(d - 1.15F * width), 0, 0.4F * width);  // the metal that was pushed aside
    texel.roughness = std::max(texel.roughness, 0.6F * fall_off(d, 0.5F * width, width));
  });
}

void dent(Part& part, Generator& generator) {
  const Point middle = part.place(generator);
  const float radius = draw(generator, 0.1, 0.19), depth = draw(generator, 0.025, 0.05);
  part.surface.change([=](Point at, Texel& texel) {
    const float d = distance(at, middle) / radius;
    texel.height -= depth * std::exp(-3 * d * d);
  });
}

void pit(Part& part, Generator& generator) {
  const Point middle = part.place(generator);
  const auto count = 6 + generator.below(7);
  for (uint64_t i = 0; i < count; ++i) {
    const Point at{middle.x + draw(generator, -0.14, 0.14), middle.y + draw(generator, -0.14, 0.14)};
    const float radius = draw(generator, 0.013, 0.026);
    press(part, at, radius, draw(generator, 0.008, 0.016), 0.6F);
    darken(part, at, radius, 0.5F);
  }
}

void blowhole(Part& part, Generator& generator) {
  const Point middle = part.place(generator);
  const float radius = draw(generator, 0.035, 0.075);
  press(part, middle, radius, draw(generator, 0.03, 0.05), 0.3F);
  darken(part, middle, radius, 0.92F);
}

void crack(Part& part, Generator& generator) {
  const float angle = draw(generator, -1.5, 1.5), width = draw(generator, 0.006, 0.011);
  const auto trunk = wander(part.place(generator), angle, draw(generator, 0.3, 0.55), 9, 0.9F, generator);
  const auto branch = wander(trunk[3 + generator.below(4)], angle + draw(generator, 0.6, 1.2),
                             draw(generator, 0.12, 0.25), 4, 0.8F, generator);
  part.surface.change([&](Point at, Texel& texel) {
    const float inside =
        fall_off(std::min(distance_to_path(at, trunk), distance_to_path(at, branch)), 0.3F * width, width);
    texel.height -= 0.006F * inside;
    blend(texel.albedo, {0.03F, 0.03F, 0.03F}, 0.9F * inside);
    texel.gloss *= 1 - inside;
  });
}

void chip(Part& part, Generator& generator) {
  const bool at_end = part.region == Region::end && generator.chance(0.6);
  const float x = at_end ? part.end - 0.01F : draw(generator, 0.2, std::min(part.end, 1.0F) - 0.25F);
  const float side = generator.chance(0.5) ? 1.0F : -1.0F;
  const Point middle{x, at_end ? part.axis + draw(generator, -0.7, 0.7) * part.radius_at(x - 0.06F)
                               : part.axis + side * part.radius_at(x)};
  const float radius = draw(generator, 0.08, 0.14);
  const uint64_t outline = generator.next();
  part.surface.change([=](Point at, Texel& texel) {
    const float r = radius * (1 + 0.35F * smooth_noise(at, 18, outline));
    const float inside = fall_off(distance(at, middle), 0.85F * r, r);
    texel.height += 0.012F * inside * smooth_noise(at, 26, outline + 1) - 0.03F * inside;
    blend(texel.albedo, {0.3F, 0.29F, 0.28F}, 0.8F * inside);
    texel.roughness = std::max(texel.roughness, 0.9F * inside);
  });
}

void burr(Part& part, Generator& generator) {
  // A ridge of torn metal along an edge: the rim of the end, or a shoulder around the body.
  const float x = part.region == Region::end ? part.end - 0.06F : draw(generator, 0.3, 0.7);
  const float from = draw(generator, -0.9, 0.0), to = from + draw(generator, 0.5, 0.9);
  const float width = draw(generator, 0.018, 0.03), height = draw(generator, 0.012, 0.022);
  const uint64_t teeth = generator.next();
  part.surface.change([=, &part](Point at, Texel& texel) {
    const float along = (at.y - part.axis) / part.radius;
    const float middle = x + 0.012F * smooth_noise(at, 16, teeth);
    const float ridge = along > from && along < to ? fall_off(std::abs(at.x - middle), 0.2F * width, width) : 0;
    texel.height += height * ridge * (1 + 0.5F * smooth_noise(at, 40, teeth + 1));
    texel.gloss += 0.3F * ridge;
  });
}

void scuff(Part& part, Generator& generator) {
  const Point middle = part.place(generator);
  const float rx = draw(generator, 0.12, 0.22), ry = draw(generator, 0.08, 0.14),
              angle = draw(generator, 0.3, 1.0) * (generator.chance(0.5) ? 1 : -1);
  const uint64_t hairs = generator.next();
  part.surface.change([=](Point at, Texel& texel) {
    const float u = std::cos(angle) * (at.x - middle.x) + std::sin(angle) * (at.y - middle.y);
    const float v = -std::sin(angle) * (at.x - middle.x) + std::cos(angle) * (at.y - middle.y);
    const float inside = fall_off(std::hypot(u / rx, v / ry), 0.7F, 1);
    texel.height += 0.0022F * inside * smooth_noise({0.08F * u, v}, 70, hairs);
    texel.roughness = std::max(texel.roughness, 0.8F * inside);
    blend(texel.albedo, {0.55F, 0.55F, 0.55F}, 0.3F * inside);
  });
}

void chatter(Part& part, Generator& generator) {
  const float frequency = draw(generator, 6, 10), depth = draw(generator, 0.004, 0.007),
              slant = draw(generator, 0.35, 0.9), phase = draw(generator, 0, 6);
  const float sign = generator.chance(0.5) ? 1.0F : -1.0F;
  const float from = draw(generator, 0.05, 0.3), to = from + draw(generator, 0.35, 0.6);
  part.surface.change([=](Point at, Texel& texel) {
    const float inside = fall_off(std::abs(at.x - (from + to) / 2), (to - from) / 2 - 0.05F, (to - from) / 2);
    texel.height += depth * inside * std::sin(2 * pi * frequency * (at.x + sign * slant * at.y) + phase);
  });
}

void tool_marks(Part& part, Generator& generator) {
  const float frequency = draw(generator, 8, 12), depth = draw(generator, 0.002, 0.0035), phase = draw(generator, 0, 6);
  part.surface.change(
      [=](Point at, Texel& texel) { texel.height += depth * std::sin(2 * pi * frequency * at.x + phase); });
}

}  // namespace mtl::synthetic
