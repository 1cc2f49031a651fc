#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "backbones/efficientnet/kernels/channelwise.h"
#include "backbones/efficientnet/kernels/depthwise.h"
#include "backbones/efficientnet/kernels/inference.h"
#include "backbones/efficientnet/kernels/products.h"

namespace efficientnet::kernels {

/// For activations stored as T.
template <class T>
struct KernelsOf {
  ProductKernels<T> products;
  DepthwiseKernels<T> depthwise;
  ChannelKernels<T> channelwise;
  InferenceKernels<T> inference;
};

/// The kernels as compiled for one instruction set.
struct Kernels {
  std::string name;  ///< "amx", "avx512_bf16", "avx512", "avx2" or "portable"
  KernelsOf<float> in_float32;
  KernelsOf<bfloat16> in_bfloat16;
};

/// What this processor can run, the fastest first; "portable" is always among them.
std::vector<std::string> instruction_sets();
/// `name` must be one of instruction_sets().
Kernels kernels_for(const std::string& name);

}  // namespace efficientnet::kernels
