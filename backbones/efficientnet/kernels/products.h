#pragma once

#include "backbones/efficientnet/kernels/layout.h"

/// A 1x1 convolution is a product: rows [M,K] times a matrix [K,N]. The rows are made on the way, block by block, so
/// that neither an activation nor a gradient of one is ever stored.
namespace efficientnet::kernels {

/// Entry (k, n) lies at values[k * k_stride + n * n_stride].
struct MatrixView {
  const float* values;
  int64_t k;
  int64_t n;
  int64_t k_stride;
  int64_t n_stride;
};

/// Rows as they are.
template <class T>
struct PlainRows {
  const T* x;  ///< [M, padded K]
};

/// SiLU(norm(z)) * gate of the image.
template <class T>
struct ActivatedRows {
  const T* z;  ///< [M, padded K]
  Norm norm;
  const float* gate;  ///< [images, padded K]
  int64_t rows_per_image;
};

/// The 3x3 patches of an RGB image under stride 2 and padding 1, 27 values in the order (y, x, channel).
struct PatchRows {
  const float* image;  ///< [images, height, width, 3]
  int64_t height;
  int64_t width;
  int64_t out_height;
  int64_t out_width;
};
inline constexpr int64_t patch_values = 27;

/// z [M, padded n] = rows x matrix, with the sums of z and z^2.
template <class T>
struct ProductForward {
  const float* packed;  ///< the matrix [k,n], by pack()
  int64_t k;
  int64_t n;
  T* z;
  bool stream;  ///< z is larger than the cache: write past it
  ChannelSums sums;
};

/// A product's gradients: dz = norm(gradient * factor, z), drows = dz x matrix^T + residual, dmatrix += rows^T x dz.
template <class T>
struct ProductBackward {
  const T* gradient;  ///< [M, padded n]
  const T* z;         ///< [M, padded n]
  NormGradient norm;
  int64_t k;
  int64_t n;
  float* dmatrix;                  ///< [padded k, padded n], added to
  const float* packed_transposed;  ///< the matrix's transpose [n,k], by pack(); null: drows are not wanted
  T* drows;                        ///< [M, padded k]
  const T* residual;               ///< [M, padded k], or null
};

/// Five sums per image and channel. From them follow both squeeze-excite's gradient and the sums of the batch-norm
/// before it, without another pass (docs/fused_kernels.md has the algebra). u = norm(z), a = SiLU(u), d = SiLU'(u), and
/// t = the gradient of a * gate. [images, padded channels] each, added to.
struct ExciteSums {
  float* t_a;
  float* t_d;
  float* t_d_x;  ///< t * d * x^
  float* d;
  float* d_x;
};

/// The gradients of a product of activated rows: t = dz x matrix^T, dmatrix^T += dz^T x rows, and the sums.
template <class T>
struct ProjectBackward {
  ActivatedRows<T> rows;
  const T* gradient;  ///< [M, padded n]
  const T* z;         ///< [M, padded n]
  NormGradient norm;
  const float* factor;  ///< [images], multiplies the gradient; null: 1
  int64_t k;
  int64_t n;
  float* dmatrix_transposed;       ///< [padded n, padded k], added to
  const float* packed_transposed;  ///< the matrix's transpose [n,k], by pack()
  T* t;                            ///< [M, padded k]
  bool stream;
  ExciteSums sums;
  int64_t first_image;  ///< the image of the sums' first row
};

/// Columns that are packed together, for every instruction set.
inline constexpr int64_t pack_step = 2 * channel_block;

/// Workspaces hold product_workspace(k, n) floats and begin on a 64-byte boundary, like every matrix here.
template <class T>
struct ProductKernels {
  int64_t (*packed_size)(int64_t k, int64_t n);  ///< floats
  /// Columns [begin, end) of the padded n; begin is a multiple of pack_step.
  void (*pack)(const MatrixView&, Range columns, float* packed);
  int64_t (*workspace_size)(int64_t k, int64_t n);  ///< floats, for all of the following
  void (*forward_plain)(const PlainRows<T>&, const ProductForward<T>&, Range rows, float* workspace);
  void (*forward_activated)(const ActivatedRows<T>&, const ProductForward<T>&, Range rows, float* workspace);
  void (*forward_patches)(const PatchRows&, const ProductForward<T>&, Range rows, float* workspace);
  void (*backward_plain)(const PlainRows<T>&, const ProductBackward<T>&, Range rows, float* workspace);
  void (*backward_patches)(const PatchRows&, const ProductBackward<T>&, Range rows, float* workspace);
  void (*backward_project)(const ProjectBackward<T>&, Range rows, float* workspace);
};

/// As compiled for the instruction set that Highway has been told to choose; for kernels_for() alone.
template <class T>
const ProductKernels<T>& chosen_product_kernels();
template <>
const ProductKernels<float>& chosen_product_kernels();
template <>
const ProductKernels<bfloat16>& chosen_product_kernels();
/// The same with factors that are rounded to bfloat16 (AVX512_BF16).
const ProductKernels<bfloat16>& chosen_product_kernels_in_pairs();
/// And multiplied by AMX.
const ProductKernels<bfloat16>& chosen_product_kernels_in_tiles();

}  // namespace efficientnet::kernels
