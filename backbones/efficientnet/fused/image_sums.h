#pragma once

#include <ATen/core/Tensor.h>

#include "backbones/efficientnet/kernels/layout.h"

namespace efficientnet::fused {

/// Sums per image that several slots add to, each a share of all rows: two slots that meet in one image write to
/// memory of their own, and total() joins them in the slots' order.
class ImageSums {
 public:
  /// `kinds` sums of `width` channels for each of images = rows / rows_per_image.
  ImageSums(int kinds, int slots, int64_t rows, int64_t rows_per_image, int64_t width);
  /// Where the slot adds up: the row of its first image.
  float* of(int kind, int slot) const;
  int64_t first_image(int slot) const;
  /// [kinds, images, width].
  at::Tensor total() const;

 private:
  int slots_;
  int64_t rows_;
  int64_t rows_per_image_;
  at::Tensor sums_;  // [kinds, images + slots, width]: slot s begins at its first image + s
};

}  // namespace efficientnet::fused
