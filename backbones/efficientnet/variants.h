#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace efficientnet {

/// One of the seven stages: `repeats` MBConv blocks, of which the first has `stride` and widens the channels.
struct Stage {
  int64_t expansion;  ///< channels inside a block / its input channels
  int64_t kernel;
  int64_t stride;
  int64_t in_channels;
  int64_t out_channels;
  int64_t repeats;
};

/// A scaled network (Tan and Le, ICML 2019, table 1; scaling and rounding as in torchvision).
struct Variant {
  std::string_view name;
  double width;  ///< multiplies the channels of B0
  double depth;  ///< multiplies the repeats of B0
  double dropout;
  double batch_norm_epsilon;
  double batch_norm_momentum;
  int64_t resolution;  ///< pixels it was designed for
};

const std::array<Variant, 8>& variants();
/// Throws mtl::Error for a name that is none of them.
const Variant& variant_named(const std::string& name);

/// Channels rounded to a multiple of 8, never below 90 % of the scaled number.
int64_t scaled_channels(int64_t channels, double width);
std::vector<Stage> stages_of(const Variant& variant);

}  // namespace efficientnet
