#include "framework/data/synthetic/render.h"

#include <opencv2/core.hpp>

namespace mtl::synthetic {
namespace {

using Vector = std::array<float, 3>;  // x right, y down, z to the camera

struct Lamp {
  Vector direction;  // towards the lamp
  float diffuse, specular, ambient;
};

Lamp lamp_of(Light light) {
  switch (light) {
    case Light::bright_field:
      return {{0, 0, 1}, 0.75F, 0.9F, 0.08F};
    case Light::low_left:
      return {{-0.94F, 0, 0.34F}, 1.6F, 1.1F, 0.06F};
    case Light::low_right:
      return {{0.94F, 0, 0.34F}, 1.6F, 1.1F, 0.06F};
    case Light::dome:
      return {{0, 0, 1}, 0.2F, 0.05F, 0.95F};
  }
  return {};
}

float dot(const Vector& a, const Vector& b) { return a[0] * b[0] + a[1] * b[1] + a[2] * b[2]; }

Vector unit(Vector v) {
  const float length = std::sqrt(dot(v, v));
  for (float& c : v) c /= length;
  return v;
}

/// A lamp at the side is no sun: what lies nearer to it gets more of its light.
float nearness(const Lamp& lamp, Point at) { return 1 + 0.25F * lamp.direction[0] * (2 * at.x - 1); }

/// The shape's normal bent by the slope of the texture.
Vector normal_at(const Surface& surface, int x, int y) {
  const Texel& here = surface.at(x, y);
  const auto height = [&](int i, int j) {
    const Texel& texel = surface.at(std::clamp(i, 0, surface.size() - 1), std::clamp(j, 0, surface.size() - 1));
    return texel.part ? texel.height : here.height;
  };
  const float per_texel = 0.5F * static_cast<float>(surface.size());
  const float slope_x = (height(x + 1, y) - height(x - 1, y)) * per_texel,
              slope_y = (height(x, y + 1) - height(x, y - 1)) * per_texel;
  return unit({here.normal[0] - slope_x, here.normal[1] - slope_y, here.normal[2]});
}

}  // namespace

const std::vector<std::string>& light_names() {
  static const std::vector<std::string> names{"bright_field", "low_left", "low_right", "dome"};
  return names;
}

cv::Mat render(const Surface& surface, Light light, Generator& generator) {
  const Lamp lamp = lamp_of(light);
  const Vector half = unit({lamp.direction[0], lamp.direction[1], lamp.direction[2] + 1});  // between lamp and camera
  const auto exposure = static_cast<float>(generator.uniform(0.9, 1.1));
  const auto noise = static_cast<float>(generator.uniform(0.006, 0.016));
  cv::Mat image(surface.size(), surface.size(), CV_8UC3);
  for (int y = 0; y < surface.size(); ++y)
    for (int x = 0; x < surface.size(); ++x) {
      const Texel& texel = surface.at(x, y);
      Vector colour{0.03F, 0.03F, 0.035F};  // background
      if (texel.part) {
        const Vector normal = normal_at(surface, x, y);
        const float exponent = 2 / std::max(0.01F, texel.roughness * texel.roughness) - 1;
        const float mirrored = lamp.specular * texel.gloss * std::pow(std::max(0.0F, dot(normal, half)), exponent);
        const float scattered = lamp.diffuse * std::max(0.0F, dot(normal, lamp.direction));
        const float near = nearness(lamp, surface.point(x, y)), around = lamp.ambient * (0.6F + 0.4F * normal[2]);
        for (size_t c = 0; c < 3; ++c) colour[c] = texel.albedo[c] * (around + near * scattered) + near * mirrored;
      }
      auto& pixel = image.at<cv::Vec3b>(y, x);
      for (int c = 0; c < 3; ++c)
        pixel[c] = cv::saturate_cast<uint8_t>(
            255 * (exposure * colour[static_cast<size_t>(c)] + noise * static_cast<float>(generator.normal())));
    }
  return image;
}

}  // namespace mtl::synthetic
