#include "backbones/efficientnet/fused/image_sums.h"

#include <ATen/ops/zeros.h>

#include "backbones/efficientnet/fused/slots.h"

namespace efficientnet::fused {

ImageSums::ImageSums(int kinds, int slots, int64_t rows, int64_t rows_per_image, int64_t width)
    : slots_(slots),
      rows_(rows),
      rows_per_image_(rows_per_image),
      sums_(at::zeros({kinds, rows / rows_per_image + slots, width}, at::kFloat)) {}

int64_t ImageSums::first_image(int slot) const { return share(rows_, slot, slots_).begin / rows_per_image_; }

float* ImageSums::of(int kind, int slot) const {
  return sums_.data_ptr<float>() + (kind * sums_.size(1) + first_image(slot) + slot) * sums_.size(2);
}

at::Tensor ImageSums::total() const {
  const at::Tensor total = at::zeros({sums_.size(0), rows_ / rows_per_image_, sums_.size(2)}, at::kFloat);
  for (int slot = 0; slot < slots_; ++slot) {
    const kernels::Range rows = share(rows_, slot, slots_);
    const int64_t first = first_image(slot);
    const int64_t images = (rows.end - 1) / rows_per_image_ - first + 1;
    total.narrow(1, first, images).add_(sums_.narrow(1, first + slot, images));
  }
  return total;
}

}  // namespace efficientnet::fused
