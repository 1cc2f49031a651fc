#pragma once

#include <ATen/core/Tensor.h>

#include "backbones/efficientnet/fused/block.h"
#include "backbones/efficientnet/kernels/instruction_set.h"

/// A block's weights with its batch-norms folded in and packed for the kernels. With the running mean m and variance v,
///   gamma (w x - m) / sqrt(v + eps) + beta = (w gamma / sqrt(v + eps)) x + (beta - m gamma / sqrt(v + eps)).
namespace efficientnet::inference {

struct FoldedConvolution {
  at::Tensor packed;
  at::Tensor bias;  ///< [padded n]
  int64_t k = 0;    ///< values that an output is made of
  int64_t n = 0;    ///< outputs

  kernels::FoldedProduct as_product() const { return {packed.data_ptr<float>(), bias.data_ptr<float>(), k, n}; }
};

/// A 1x1 convolution, or the stem's.
template <class T>
FoldedConvolution folded_product(const kernels::KernelsOf<T>& with, const fused::NormedConvolution& from);

struct FoldedBlock {
  fused::Entry entry_kind = fused::Entry::none;
  FoldedConvolution entry;  // empty without one
  FoldedConvolution depthwise;
  int64_t kernel = 0;
  int64_t stride = 0;
  int64_t squeezed = 0;
  at::Tensor reduce, reduce_bias;  // [squeezed, padded channels], [squeezed]
  at::Tensor excite, excite_bias;  // [squeezed, padded channels], [padded channels]
  FoldedConvolution project;
  bool has_residual = false;
};

template <class T>
FoldedBlock folded(const kernels::KernelsOf<T>& with, const fused::Block& from);

}  // namespace efficientnet::inference
