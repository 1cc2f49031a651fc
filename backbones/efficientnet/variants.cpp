#include "backbones/efficientnet/variants.h"

#include <algorithm>
#include <cmath>

#include "mtl/error.h"

namespace efficientnet {

const std::array<Variant, 8>& variants() {
  static const std::array<Variant, 8> all{{
      {"efficientnet_b0", 1.0, 1.0, 0.2, 1e-5, 0.1, 224},
      {"efficientnet_b1", 1.0, 1.1, 0.2, 1e-5, 0.1, 240},
      {"efficientnet_b2", 1.1, 1.2, 0.3, 1e-5, 0.1, 288},
      {"efficientnet_b3", 1.2, 1.4, 0.3, 1e-5, 0.1, 300},
      {"efficientnet_b4", 1.4, 1.8, 0.4, 1e-5, 0.1, 380},
      {"efficientnet_b5", 1.6, 2.2, 0.4, 1e-3, 0.01, 456},
      {"efficientnet_b6", 1.8, 2.6, 0.5, 1e-3, 0.01, 528},
      {"efficientnet_b7", 2.0, 3.1, 0.5, 1e-3, 0.01, 600},
  }};
  return all;
}

const Variant& variant_named(const std::string& name) {
  const auto found =
      std::find_if(variants().begin(), variants().end(), [&](const Variant& v) { return v.name == name; });
  if (found == variants().end()) throw mtl::Error("there is no EfficientNet called '" + name + "'; b0 to b7 exist");
  return *found;
}

int64_t scaled_channels(int64_t channels, double width) {
  const double scaled = static_cast<double>(channels) * width;
  const int64_t rounded = std::max<int64_t>(8, static_cast<int64_t>(scaled + 4) / 8 * 8);
  return static_cast<double>(rounded) < 0.9 * scaled ? rounded + 8 : rounded;
}

std::vector<Stage> stages_of(const Variant& variant) {
  std::vector<Stage> stages{
      {1, 3, 1, 32, 16, 1},  {6, 3, 2, 16, 24, 2},   {6, 5, 2, 24, 40, 2},   {6, 3, 2, 40, 80, 3},
      {6, 5, 1, 80, 112, 3}, {6, 5, 2, 112, 192, 4}, {6, 3, 1, 192, 320, 1},
  };
  for (Stage& stage : stages) {
    stage.in_channels = scaled_channels(stage.in_channels, variant.width);
    stage.out_channels = scaled_channels(stage.out_channels, variant.width);
    stage.repeats = static_cast<int64_t>(std::ceil(static_cast<double>(stage.repeats) * variant.depth));
  }
  return stages;
}

}  // namespace efficientnet
