#include "framework/data/synthetic/defects.h"

namespace mtl::synthetic {
namespace {

/// How much of a ragged blotch covers a point: 1 inside, 0 outside.
float blotch(Point at, Point middle, float radius, float raggedness, uint64_t seed) {
  return fall_off(distance(at, middle) + raggedness * radius * cloud_noise(at, 9, seed), 0.7F * radius, radius);
}

}  // namespace

void clean(Part&, Generator&) {}

void rust(Part& part, Generator& generator) {
  const Point middle = part.place(generator);
  const float radius = draw(generator, 0.13, 0.24), strength = draw(generator, 0.6, 0.9);
  const uint64_t seed = generator.next();
  part.surface.change([=](Point at, Texel& texel) {
    const float grain = 0.5F + 0.5F * cloud_noise(at, 24, seed + 7);
    const float inside = strength * blotch(at, middle, radius, 0.6F, seed) * (0.55F + 0.45F * grain);
    blend(texel.albedo, {0.42F - 0.15F * grain, 0.2F - 0.08F * grain, 0.08F}, inside);
    texel.gloss *= 1 - inside;
    texel.height += 0.0025F * inside * smooth_noise(at, 40, seed + 3);
  });
}

void stain(Part& part, Generator& generator) {
  const Point middle = part.place(generator);
  const float radius = draw(generator, 0.12, 0.22), strength = draw(generator, 0.45, 0.75);
  const uint64_t seed = generator.next();
  part.surface.change([=](Point at, Texel& texel) {
    const float inside = strength * blotch(at, middle, radius, 0.3F, seed);
    blend(texel.albedo, {0.12F, 0.11F, 0.1F}, inside);
    texel.gloss *= 1 - 0.7F * inside;
  });
}

void heat_tint(Part& part, Generator& generator) {
  const Point middle = part.place(generator);
  const float radius = draw(generator, 0.18, 0.32);
  part.surface.change([=](Point at, Texel& texel) {
    // The oxide thickens towards the heat: straw, purple, blue (the order of tempering colours).
    const float d = distance(at, middle) / radius, covered = 0.8F * fall_off(d, 0.75F, 1);
    const std::array<float, 3> straw{0.55F, 0.42F, 0.18F}, purple{0.38F, 0.2F, 0.36F}, blue{0.16F, 0.24F, 0.5F};
    std::array<float, 3> colour = blue;
    blend(colour, purple, 1 - fall_off(d, 0.2F, 0.5F));
    blend(colour, straw, 1 - fall_off(d, 0.5F, 0.8F));
    blend(texel.albedo, colour, covered);
    texel.gloss *= 1 - 0.4F * covered;
  });
}

void spatter(Part& part, Generator& generator) {
  const Point middle = part.place(generator);
  const auto count = 5 + generator.below(8);
  for (uint64_t i = 0; i < count; ++i) {
    const Point at_bead{middle.x + draw(generator, -0.18, 0.18), middle.y + draw(generator, -0.18, 0.18)};
    const float radius = draw(generator, 0.014, 0.034);
    part.surface.change([=](Point at, Texel& texel) {
      const float d = distance(at, at_bead) / radius;
      if (d >= 1) return;
      texel.height += 0.8F * radius * std::sqrt(1 - d * d);
      blend(texel.albedo, {0.62F, 0.6F, 0.56F}, 0.8F);
      texel.gloss = 0.9F;
      texel.roughness = 0.2F;
    });
  }
}

void inclusion(Part& part, Generator& generator) {
  const Point middle = part.place(generator);
  const float angle = draw(generator, -0.35, 0.35), length = draw(generator, 0.2, 0.4),
              width = draw(generator, 0.018, 0.035);
  const Point arm{0.5F * length * std::cos(angle), 0.5F * length * std::sin(angle)};
  const uint64_t seed = generator.next();
  part.surface.change([=](Point at, Texel& texel) {
    const float d = distance_to_segment(at, {middle.x - arm.x, middle.y - arm.y}, {middle.x + arm.x, middle.y + arm.y});
    const float inside = fall_off(d * (1 + 0.5F * smooth_noise(at, 20, seed)), 0.5F * width, width);
    blend(texel.albedo, {0.1F, 0.1F, 0.12F}, 0.85F * inside);
    texel.gloss *= 1 - 0.8F * inside;
  });
}

void oil_film(Part& part, Generator& generator) {
  const Point middle = part.place(generator);
  const float radius = draw(generator, 0.25, 0.4);
  const uint64_t seed = generator.next();
  part.surface.change([=](Point at, Texel& texel) {
    const float inside = blotch(at, middle, radius, 0.4F, seed);
    const float band = cloud_noise(at, 5, seed + 5);  // interference: a faint rainbow
    blend(texel.albedo,
          {texel.albedo[0] * (0.72F + 0.12F * band), texel.albedo[1] * 0.74F, texel.albedo[2] * (0.74F - 0.14F * band)},
          inside);
    texel.roughness += inside * (0.18F - texel.roughness);
    texel.gloss += 0.12F * inside;
  });
}

void dust(Part& part, Generator& generator) {
  const auto count = 14 + generator.below(20);
  for (uint64_t i = 0; i < count; ++i) {
    const Point grain{draw(generator, 0.05, 0.95), draw(generator, 0.1, 0.9)};
    const float radius = draw(generator, 0.006, 0.013);
    part.surface.change([=](Point at, Texel& texel) {
      const float inside = fall_off(distance(at, grain), 0.4F * radius, radius);
      blend(texel.albedo, {0.75F, 0.73F, 0.7F}, 0.75F * inside);
      texel.gloss *= 1 - inside;
    });
  }
}

}  // namespace mtl::synthetic
