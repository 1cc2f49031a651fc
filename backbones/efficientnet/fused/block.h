#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include "backbones/efficientnet/kernels/instruction_set.h"

/// An MBConv block as one autograd function: four passes forwards and four backwards, of which only the three
/// convolutions' outputs are kept (docs/fused_kernels.md).
namespace efficientnet::fused {

/// A convolution and its batch-norm, owned by the network.
struct NormedConvolution {
  torch::nn::Conv2dImpl* convolution = nullptr;
  torch::nn::BatchNorm2dImpl* norm = nullptr;
};

/// What comes before the depthwise convolution.
enum class Entry {
  none,    ///< a block without expansion
  expand,  ///< the block's own 1x1 convolution
  stem,    ///< the network's first convolution, for the first block
};

/// The parts of a block as its network holds them. They, and the kernels, outlive every graph through the block.
struct Block {
  const kernels::Kernels* kernels = nullptr;
  Entry entry_kind = Entry::none;
  NormedConvolution entry;
  NormedConvolution depthwise;
  torch::nn::Conv2dImpl* reduce = nullptr;
  torch::nn::Conv2dImpl* excite = nullptr;
  NormedConvolution project;
  bool has_residual = false;
};

/// x [N,H,W, padded channels], or images [N,3,H,W] after a stem, -> [N,H/stride,W/stride, padded out_channels].
/// `factor` [N] multiplies the block's own part of a sum with the residual (stochastic depth); undefined: 1.
/// Activations are kept, and handed on, in `storage`: float32 or bfloat16; weights, statistics and sums are float32 and
/// float64.
at::Tensor forward(const Block& block, const at::Tensor& x, const at::Tensor& factor, at::ScalarType storage);

struct LastFeatures {
  at::Tensor map;     ///< [N,F,H,W] float32, channels-last
  at::Tensor pooled;  ///< [N,F] float32
};

/// The network's last 1x1 convolution with batch-norm, SiLU and pooling; F is a multiple of kernels::channel_block.
LastFeatures forward_last(const kernels::Kernels& with, const NormedConvolution& last, const at::Tensor& x);

}  // namespace efficientnet::fused
