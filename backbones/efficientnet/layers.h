#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/conv.h>

#include "backbones/efficientnet/fused/block.h"

namespace efficientnet {

/// What is alike in all layers of a network.
struct LayerSettings {
  double norm_epsilon;
  double norm_momentum;
  bool pads_as_tensorflow = false;  ///< "same": at stride 2 an even side gets its odd row of zeros at the far end
};

struct ConvolutionShape {
  int64_t in_channels;
  int64_t out_channels;
  int64_t kernel = 1;  ///< odd; padded by half of it
  int64_t stride = 1;
  int64_t groups = 1;
};

/// Convolution without bias ("0"), batch-norm ("1") and, where asked for, SiLU: x [N,C,H,W] ->
/// [N,out,H/stride,W/stride].
class ConvNormActivation : public torch::nn::Module {
 public:
  ConvNormActivation(const ConvolutionShape& shape, const LayerSettings& settings, bool activate);
  at::Tensor forward(const at::Tensor& x);
  fused::NormedConvolution parts() { return {convolution_.get(), norm_.get()}; }

 private:
  bool pads_as_tensorflow_;
  torch::nn::Conv2d convolution_{nullptr};
  torch::nn::BatchNorm2d norm_{nullptr};
  bool activate_;
};

/// Squeeze and excitation (Hu et al., CVPR 2018): every channel of x [N,C,H,W] is scaled by sigmoid(fc2(SiLU(fc1(its
/// mean)))).
class SqueezeExcitation : public torch::nn::Module {
 public:
  SqueezeExcitation(int64_t channels, int64_t squeezed);
  at::Tensor forward(const at::Tensor& x);
  torch::nn::Conv2dImpl* reduce() { return reduce_.get(); }
  torch::nn::Conv2dImpl* expand() { return expand_.get(); }

 private:
  torch::nn::Conv2d reduce_{nullptr};
  torch::nn::Conv2d expand_{nullptr};
};

}  // namespace efficientnet
