#pragma once

#include <ATen/core/Tensor.h>

#include "backbones/efficientnet/fused/batch_norm.h"
#include "backbones/efficientnet/kernels/instruction_set.h"

/// The depthwise convolution of a block with what stands around it, on all threads. Activations are
/// [images, height, width, padded channels] float32 or bfloat16, weights [channels, 1, kernel, kernel].
namespace efficientnet::fused {

struct Depthwise {
  at::Tensor z;
  SlotSums sums;  ///< of z and z^2
};

/// Of SiLU(norm(x)), or of x itself where `norm` is null.
Depthwise depthwise(const kernels::Kernels& with, const at::Tensor& x, const NormValues* norm, const at::Tensor& weight,
                    int64_t stride);

/// What the squeeze-excite after the convolution hands back: the gradient of norm(z) is
/// (t * gate + dpool) * SiLU'(norm(z)).
struct ExcitedGradient {
  at::Tensor t;      ///< like z
  at::Tensor gate;   ///< [images, padded channels]
  at::Tensor dpool;  ///< [images, padded channels]
};

struct DepthwiseGradients {
  at::Tensor x;  ///< the gradient of norm(x); without a norm that of x, with the residual added
  at::Tensor weight;
  SlotSums sums;  ///< of that gradient and of gradient * x^, where there is a norm
};

DepthwiseGradients depthwise_backward(const kernels::Kernels& with, const ExcitedGradient& gradient,
                                      const at::Tensor& z, const NormValues& z_norm, const NormGradients& z_gradients,
                                      const at::Tensor& x, const NormValues* norm, const at::Tensor& weight,
                                      int64_t stride, const at::Tensor& residual);

}  // namespace efficientnet::fused
