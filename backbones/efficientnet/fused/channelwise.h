#pragma once

#include <ATen/core/Tensor.h>

#include "backbones/efficientnet/fused/batch_norm.h"
#include "backbones/efficientnet/kernels/instruction_set.h"

/// The passes between the convolutions, on all threads. Activations are [images, height, width, padded channels].
namespace efficientnet::fused {

/// The mean over the pixels of SiLU(norm(z)): [images, padded channels]. `y`, where it is defined, takes the values.
at::Tensor activate_and_pool(const kernels::Kernels& with, const at::Tensor& z, const NormValues& norm,
                             const at::Tensor& y);

struct ActivationGradient {
  at::Tensor g;  ///< of norm(z)
  SlotSums sums;
};

/// `dy` (may be undefined) is the gradient of SiLU(norm(z)), `dpool` (may be undefined) that of its mean.
ActivationGradient activate_and_pool_backward(const kernels::Kernels& with, const at::Tensor& z, const NormValues& norm,
                                              const at::Tensor& dy, const at::Tensor& dpool);

/// factor * norm(z) + residual; factor [images] and residual may be undefined.
at::Tensor normalize_and_add(const kernels::Kernels& with, const at::Tensor& z, const NormValues& norm,
                             const at::Tensor& factor, const at::Tensor& residual);

/// Sums of g = gradient * factor and of g * x^.
SlotSums gradient_sums(const kernels::Kernels& with, const at::Tensor& gradient, const at::Tensor& z,
                       const NormValues& norm, const at::Tensor& factor);

}  // namespace efficientnet::fused
