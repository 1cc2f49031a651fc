#pragma once

#include <torch/nn/module.h>

#include <memory>

#include "backbones/efficientnet/layers.h"

namespace efficientnet {

struct BlockShape {
  int64_t in_channels;
  int64_t out_channels;
  int64_t expansion;
  int64_t kernel;
  int64_t stride;
};

/// An inverted residual block: expand 1x1 (left out where expansion is 1), depthwise, squeeze-excite, project 1x1; with
/// a residual, under stochastic depth, where the shape allows: x [N,in,H,W] -> [N,out,H/stride,W/stride].
class MBConv : public torch::nn::Module {
 public:
  /// `drop_probability`: in training, each sample's block is left out with it (Huang et al., ECCV 2016).
  MBConv(const BlockShape& shape, const LayerSettings& settings, double drop_probability);
  at::Tensor forward(const at::Tensor& x);

  /// This block for the fused kernels; without an expansion of its own it takes `stem`, where that is not null.
  fused::Block fused(const kernels::Kernels& with, ConvNormActivation* stem) const;
  /// What each of `samples` blocks is multiplied by under stochastic depth, [samples]: 0 or 1 / (1 - drop_probability).
  /// Undefined where nothing is dropped: in evaluation, without a residual.
  at::Tensor draw_depth(int64_t samples, const at::Device& device) const;

 private:
  bool has_residual_;
  double drop_probability_;
  std::shared_ptr<ConvNormActivation> expand_;  // null where expansion is 1
  std::shared_ptr<ConvNormActivation> depthwise_;
  std::shared_ptr<SqueezeExcitation> excite_;
  std::shared_ptr<ConvNormActivation> project_;
};

}  // namespace efficientnet
