#pragma once

#include "backbones/efficientnet/kernels/layout.h"

/// The depthwise convolution with the batch-norm and SiLU before it. Rows of the input are activated once, into a ring
/// of as many rows as the kernel is high, ordered by channel block so that a register's channels lie side by side.
namespace efficientnet::kernels {

struct DepthwiseShape {
  int64_t channels;  ///< padded
  int64_t kernel;    ///< odd; the padding is half of it
  int64_t stride;    ///< 1 or 2
  int64_t height;
  int64_t width;
  int64_t out_height() const { return (height - 1) / stride + 1; }
  int64_t out_width() const { return (width - 1) / stride + 1; }
};

/// z2 = depthwise(SiLU(norm(z1))), or depthwise(z1) without a norm; with the sums of z2 and z2^2.
template <class T>
struct DepthwiseForward {
  DepthwiseShape shape;
  const T* z1;  ///< [images, height, width, channels]
  Norm norm;
  const float* weights;  ///< by pack()
  T* z2;                 ///< [images, out_height, out_width, channels]
  bool stream;           ///< z2 is larger than the cache: write past it
  ChannelSums sums;
};

/// g2 = (t * gate + dpool) * SiLU'(norm2(z2)) is the gradient of norm2's output, dz2 = norm2_gradient(g2, z2). From it:
/// dweights += ..., and g1, the gradient of norm1's output, with the sums of g1 and g1 * x^; without norm1 the gradient
/// of z1 itself (+ residual).
template <class T>
struct DepthwiseBackward {
  DepthwiseShape shape;
  const T* t;   ///< [images, out_height, out_width, channels]
  const T* z2;  ///< likewise
  Norm norm2;
  NormGradient norm2_gradient;
  const float* gate;   ///< [images, channels]
  const float* dpool;  ///< [images, channels]: the gradient of the mean over the pixels, divided by their number
  const T* z1;         ///< [images, height, width, channels]
  Norm norm1;
  const float* weights;  ///< by pack()
  float* dweights;       ///< packed like the weights, added to
  T* g1;                 ///< [images, height, width, channels]
  bool stream;
  const T* residual;  ///< [images, height, width, channels], or null
  ChannelSums sums;
};

/// Some rows (of the output forwards, of the input backwards) of some images.
struct DepthwisePart {
  Range images;
  Range rows;
};

template <class T>
struct DepthwiseKernels {
  /// weights [channels, kernel^2] <-> packed [padded channels, kernel^2], reordered.
  void (*pack)(const float* weights, int64_t channels, int64_t taps, float* packed);
  void (*unpack)(const float* packed, int64_t channels, int64_t taps, float* weights);
  int64_t (*workspace_size)(const DepthwiseShape&);  ///< floats
  void (*forward)(const DepthwiseForward<T>&, const DepthwisePart&, float* workspace);
  void (*backward)(const DepthwiseBackward<T>&, const DepthwisePart&, float* workspace);
};

/// As compiled for the instruction set that Highway has been told to choose; for kernels_for() alone.
template <class T>
const DepthwiseKernels<T>& chosen_depthwise_kernels();
template <>
const DepthwiseKernels<float>& chosen_depthwise_kernels();
template <>
const DepthwiseKernels<bfloat16>& chosen_depthwise_kernels();

}  // namespace efficientnet::kernels
