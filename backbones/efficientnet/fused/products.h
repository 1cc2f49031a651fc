#pragma once

#include <ATen/core/Tensor.h>

#include "backbones/efficientnet/fused/batch_norm.h"
#include "backbones/efficientnet/kernels/instruction_set.h"

/// 1x1 convolutions (and the stem, as one over patches) on all threads. Activations are [images, height, width, padded
/// channels] float32 or bfloat16; weights keep torchvision's shapes.
namespace efficientnet::fused {

struct Product {
  at::Tensor z;
  SlotSums sums;  ///< of z and z^2
};

Product expand(const kernels::Kernels& with, const at::Tensor& x, const at::Tensor& weight);

/// images [N,3,H,W] channels-last float32; weight [out,3,3,3], stride 2, padding 1. `storage`: of z.
Product stem(const kernels::Kernels& with, const at::Tensor& images, const at::Tensor& weight, at::ScalarType storage);

/// rows = SiLU(norm(z)) * gate [images, padded channels].
Product project(const kernels::Kernels& with, const at::Tensor& z, const NormValues& norm, const at::Tensor& gate,
                const at::Tensor& weight);

struct ProductGradients {
  at::Tensor x;
  at::Tensor weight;
};

/// From the gradient of norm(z) to those of x (+ residual, which may be undefined) and weight.
ProductGradients expand_backward(const kernels::Kernels& with, const at::Tensor& gradient, const at::Tensor& z,
                                 const NormGradients& norm, const at::Tensor& x, const at::Tensor& weight,
                                 const at::Tensor& residual);

at::Tensor stem_backward(const kernels::Kernels& with, const at::Tensor& gradient, const at::Tensor& z,
                         const NormGradients& norm, const at::Tensor& images, const at::Tensor& weight);

struct ProjectGradients {
  at::Tensor t;     ///< of SiLU(norm(z)) * gate
  at::Tensor sums;  ///< [5, images, padded channels], in the order of kernels::ExciteSums
  at::Tensor weight;
};

/// `z`, `norm`, `gate` as in project(); `gradient`, multiplied by factor [images] where that is defined, is that of the
/// next batch-norm's output, whose input was `product`.
ProjectGradients project_backward(const kernels::Kernels& with, const at::Tensor& gradient, const at::Tensor& product,
                                  const NormGradients& product_norm, const at::Tensor& factor, const at::Tensor& z,
                                  const NormValues& norm, const at::Tensor& gate, const at::Tensor& weight);

}  // namespace efficientnet::fused
