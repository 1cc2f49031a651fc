#pragma once

#include "backbones/efficientnet/kernels/depthwise.h"
#include "backbones/efficientnet/kernels/products.h"

/// Evaluation, one image at a time. Batch-norms are folded into the weights before them, nothing is kept for a way
/// back, and a block takes two passes, between which squeeze-excite's gate is worked out from the sums of the first.
namespace efficientnet::kernels {

/// A convolution as a product, with its batch-norm: rows x matrix + bias.
struct FoldedProduct {
  const float* packed;  ///< the matrix [k,n], by ProductKernels::pack
  const float* bias;    ///< [padded n]
  int64_t k;
  int64_t n;
};

/// What one thread computes of a pass's output. Channels begin and end at multiples of pack_step, or at the last.
struct InferencePart {
  Range rows;
  Range channels;
};

/// a = SiLU(depthwise(e) + bias), where e = SiLU(expansion) passes through a ring of rows and is never stored.
template <class T>
struct ExpandAndConvolve {
  DepthwiseShape shape;
  FoldedProduct expand;  ///< not read where a block has no expansion
  const float* weights;  ///< by DepthwiseKernels::pack
  const float* bias;     ///< [channels]
  T* a;                  ///< [out_height, out_width, channels]
  float* sums;           ///< [channels]: of a over the part; overwritten for the part's channels
};

/// gate = sigmoid(expand(SiLU(reduce(mean)))), of `parts` sums over `pixels` pixels.
struct Excitation {
  const float* sums;  ///< [parts, channels]
  int64_t parts;
  int64_t pixels;
  int64_t channels;  ///< padded
  int64_t squeezed;
  const float* reduce;  ///< [squeezed, channels]
  const float* reduce_bias;
  const float* expand;       ///< [squeezed, channels]
  const float* expand_bias;  ///< [channels]
  float* gate;               ///< [channels]
};

/// Rows times the gate of their image.
template <class T>
struct GatedRows {
  const T* a;  ///< [M, padded K]
  const float* gate;
};

/// y = product(rows) + residual.
template <class T>
struct ProjectInference {
  GatedRows<T> rows;
  FoldedProduct product;
  const T* residual;  ///< [M, padded n], or null
  T* y;               ///< [M, padded n]
};

/// map = SiLU(product(x)) and its mean over all rows.
template <class T>
struct LastInference {
  PlainRows<T> x;
  FoldedProduct product;
  float* map;     ///< [M, n], n being padded
  float* pooled;  ///< [n]
};

template <class T>
struct InferenceKernels {
  int64_t (*convolve_workspace)(const DepthwiseShape&, int64_t k);  ///< floats; k = 0: no expansion
  int64_t (*excite_workspace)(int64_t channels, int64_t squeezed);
  int64_t (*product_workspace)(int64_t k);
  /// Rows of the part are rows of output pixels.
  void (*convolve)(const PlainRows<T>&, const ExpandAndConvolve<T>&, const InferencePart&, float* workspace);
  void (*expand_and_convolve)(const PlainRows<T>&, const ExpandAndConvolve<T>&, const InferencePart&, float* workspace);
  void (*stem_and_convolve)(const PatchRows&, const ExpandAndConvolve<T>&, const InferencePart&, float* workspace);
  void (*excite)(const Excitation&, float* workspace);
  /// Rows of the part are pixels.
  void (*project)(const ProjectInference<T>&, const InferencePart&, float* workspace);
  /// The part's rows are all pixels.
  void (*last)(const LastInference<T>&, const InferencePart&, float* workspace);
};

/// As compiled for the instruction set that Highway has been told to choose; for kernels_for() alone.
template <class T>
const InferenceKernels<T>& chosen_inference_kernels();
template <>
const InferenceKernels<float>& chosen_inference_kernels();
template <>
const InferenceKernels<bfloat16>& chosen_inference_kernels();
/// The same with factors that are rounded to bfloat16 (AVX512_BF16).
const InferenceKernels<bfloat16>& chosen_inference_kernels_in_pairs();
/// And multiplied by AMX.
const InferenceKernels<bfloat16>& chosen_inference_kernels_in_tiles();

}  // namespace efficientnet::kernels
