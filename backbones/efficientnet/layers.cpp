#include "backbones/efficientnet/layers.h"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/conv2d.h>
#include <torch/nn/init.h>

#include <algorithm>
#include <vector>

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

/// TensorFlow's "same": the output's side is ceil(side / stride), and where the zeros that this takes are an odd
/// number, the odd one is at the far end.
at::Tensor convolve_as_tensorflow(const torch::nn::Conv2dImpl& convolution, const at::Tensor& x) {
  const int64_t kernel = convolution.options.kernel_size()->at(0), stride = convolution.options.stride()->at(0);
  const auto zeros = [&](int64_t side) {
    return std::max<int64_t>(0, ((side + stride - 1) / stride - 1) * stride + kernel - side);
  };
  const int64_t rows = zeros(x.size(2)), columns = zeros(x.size(3));
  const at::Tensor padded = at::constant_pad_nd(x, {columns / 2, columns - columns / 2, rows / 2, rows - rows / 2});
  const std::vector<int64_t> no_padding{0, 0}, dilation{1, 1}, strides{stride, stride};
  return at::conv2d(padded, convolution.weight, convolution.bias, strides, no_padding, dilation,
                    convolution.options.groups());
}

}  // namespace

ConvNormActivation::ConvNormActivation(const ConvolutionShape& shape, const LayerSettings& settings, bool activate)
    : pads_as_tensorflow_(settings.pads_as_tensorflow && shape.stride > 1),
      convolution_(register_module("0", make_convolution(shape, false))),
      norm_(register_module("1", torch::nn::BatchNorm2d(torch::nn::BatchNorm2dOptions(shape.out_channels)
                                                            .eps(settings.norm_epsilon)
                                                            .momentum(settings.norm_momentum)))),
      activate_(activate) {}

at::Tensor ConvNormActivation::forward(const at::Tensor& x) {
  at::Tensor y =
      norm_->forward(pads_as_tensorflow_ ? convolve_as_tensorflow(*convolution_, x) : convolution_->forward(x));
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
