#pragma once

#include "backbones/efficientnet/kernels/layout.h"

/// Passes that meet each value once: pooling, batch-norm with residual, and their gradients.
namespace efficientnet::kernels {

/// What all of them read: z [M, channels], the channels padded, and its batch-norm.
struct NormedRows {
  const float* z;
  int64_t channels;
  int64_t rows_per_image;
  Norm norm;
};

/// sums [images, channels] += SiLU(norm(z)) of the image's rows; and the values themselves into y, unless it is null.
struct ActivateForward {
  NormedRows rows;
  float* y;
  float* sums;
  int64_t first_image;  ///< the image of the sums' first row
};

/// g = (dy + dpooled) * SiLU'(norm(z)), with the sums of g and g * x^.
struct ActivateBackward {
  NormedRows rows;
  const float* dy;       ///< [M, channels], or null
  const float* dpooled;  ///< [images, channels]: the gradient of the mean, divided by the number of rows; or null
  float* g;
  ChannelSums sums;
};

/// y = factor * norm(z) + residual.
struct NormalizeForward {
  NormedRows rows;
  const float* factor;    ///< [images]; null: 1
  const float* residual;  ///< [M, channels], or null
  float* y;
};

/// The sums of g = gradient * factor and of g * x^.
struct NormalizeBackward {
  NormedRows rows;
  const float* gradient;  ///< [M, channels]
  const float* factor;    ///< [images]; null: 1
  ChannelSums sums;
};

struct ChannelKernels {
  void (*activate_forward)(const ActivateForward&, Range rows);
  void (*activate_backward)(const ActivateBackward&, Range rows);
  void (*normalize_forward)(const NormalizeForward&, Range rows);
  void (*normalize_backward)(const NormalizeBackward&, Range rows);
};

}  // namespace efficientnet::kernels
