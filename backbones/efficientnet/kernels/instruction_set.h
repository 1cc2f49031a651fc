#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backbones/efficientnet/kernels/channelwise.h"
#include "backbones/efficientnet/kernels/depthwise.h"
#include "backbones/efficientnet/kernels/products.h"

namespace efficientnet::kernels {

/// The kernels as compiled for one instruction set.
struct Kernels {
  std::string name;  ///< "avx512", "avx2" or "portable"
  ProductKernels products;
  DepthwiseKernels depthwise;
  ChannelKernels channelwise;
};

/// What this processor can run, the fastest first; "portable" is always among them.
std::vector<std::string> instruction_sets();
/// `name` must be one of instruction_sets().
Kernels kernels_for(const std::string& name);

}  // namespace efficientnet::kernels
