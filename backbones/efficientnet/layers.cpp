#include "backbones/efficientnet/layers.h"

#include <torch/nn/init.h>

namespace efficientnet {
namespace {

/// As torchvision initializes: Kaiming normal over the fan-out, zero bias.
torch::nn::Conv2d make_convolution(const ConvolutionShape& shape, bool bias) {
  torch::nn::Conv2d convolution(torch::nn::Conv2dOptions(shape.in_channels, shape.out_channels, shape.kernel)
                                    .stride(shape.stride)
                                    .padding(shape.kernel / 2)
                                    .groups(shape.groups)
                                    .bias(bias));
  torch::nn::init::kaiming_normal_(convolution->weight, 0, torch::kFanOut);
  if (bias) torch::nn::init::zeros_(convolution->bias);
  return convolution;
}

}  // namespace

ConvNormActivation::ConvNormActivation(const ConvolutionShape& shape, const BatchNormSettings& norm, bool activate)
    : convolution_(register_module("0", make_convolution(shape, false))),
      norm_(register_module(
          "1", torch::nn::BatchNorm2d(
                   torch::nn::BatchNorm2dOptions(shape.out_channels).eps(norm.epsilon).momentum(norm.momentum)))),
      activate_(activate) {}

at::Tensor ConvNormActivation::forward(const at::Tensor& x) {
  at::Tensor y = norm_->forward(convolution_->forward(x));
  return activate_ ? torch::silu_(y) : y;
}

SqueezeExcitation::SqueezeExcitation(int64_t channels, int64_t squeezed)
    : reduce_(register_module("fc1", make_convolution({channels, squeezed}, true))),
      expand_(register_module("fc2", make_convolution({squeezed, channels}, true))) {}

at::Tensor SqueezeExcitation::forward(const at::Tensor& x) {
  const at::Tensor squeezed = torch::silu(reduce_->forward(x.mean({2, 3}, /*keepdim=*/true)));
  return x * torch::sigmoid(expand_->forward(squeezed));
}

}  // namespace efficientnet
