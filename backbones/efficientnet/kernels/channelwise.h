#pragma once

#include "backbones/efficientnet/kernels/layout.h"

/// Passes that meet each value once: pooling, batch-norm with residual, and their gradients.
namespace efficientnet::kernels {

/// What all of them read: z [M, channels], the channels padded, and its batch-norm.
template <class T>
struct NormedRows {
  const T* z;
  int64_t channels;
  int64_t rows_per_image;
  Norm norm;
};

/// sums [images, channels] += SiLU(norm(z)) of the image's rows; and the values themselves into y, unless it is null.
template <class T>
struct ActivateForward {
  NormedRows<T> rows;
  T* y;
  float* sums;
  int64_t first_image;  ///< the image of the sums' first row
};

/// g = (dy + dpooled) * SiLU'(norm(z)), with the sums of g and g * x^.
template <class T>
struct ActivateBackward {
  NormedRows<T> rows;
  const T* dy;           ///< [M, channels], or null
  const float* dpooled;  ///< [images, channels]: the gradient of the mean, divided by the number of rows; or null
  T* g;
  ChannelSums sums;
};

/// y = factor * norm(z) + residual.
template <class T>
struct NormalizeForward {
  NormedRows<T> rows;
  const float* factor;  ///< [images]; null: 1
  const T* residual;    ///< [M, channels], or null
  T* y;
};

/// The sums of g = gradient * factor and of g * x^.
template <class T>
struct NormalizeBackward {
  NormedRows<T> rows;
  const T* gradient;    ///< [M, channels]
  const float* factor;  ///< [images]; null: 1
  ChannelSums sums;
};

template <class T>
struct ChannelKernels {
  void (*activate_forward)(const ActivateForward<T>&, Range rows);
  void (*activate_backward)(const ActivateBackward<T>&, Range rows);
  void (*normalize_forward)(const NormalizeForward<T>&, Range rows);
  void (*normalize_backward)(const NormalizeBackward<T>&, Range rows);
};

/// As compiled for the instruction set that Highway has been told to choose; for kernels_for() alone.
template <class T>
const ChannelKernels<T>& chosen_channel_kernels();
template <>
const ChannelKernels<float>& chosen_channel_kernels();
template <>
const ChannelKernels<bfloat16>& chosen_channel_kernels();

}  // namespace efficientnet::kernels
