// The rows of a product: blocks of them, as they lie or as patches of an image.
#if defined(EFFICIENTNET_KERNELS_ROWS_INL) == \
    defined(HWY_TARGET_TOGGLE)  // once per instruction set: Highway's include guard
#ifdef EFFICIENTNET_KERNELS_ROWS_INL
#undef EFFICIENTNET_KERNELS_ROWS_INL
#else
#define EFFICIENTNET_KERNELS_ROWS_INL
#endif

#include <cstring>
#include <type_traits>

#include "backbones/efficientnet/kernels/product-inl.h"
#include "backbones/efficientnet/kernels/products.h"
#include "backbones/efficientnet/kernels/tiles-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

/// Calls body(block) for even blocks of at most `most` rows.
template <class Body>
HWY_INLINE void over_blocks(Range rows, int64_t most, Body body) {
  const int64_t blocks = (rows.size() + most - 1) / most;
  for (int64_t b = 0; b < blocks; ++b)
    body(Range{rows.begin + rows.size() * b / blocks, rows.begin + rows.size() * (b + 1) / blocks});
}

/// Rows of values [rows, padded k] as the words of a product.
template <class Words>
HWY_INLINE Rows<false> rows_at(const typename Words::Value* values, int64_t k) {
  return {reinterpret_cast<const float*>(values), padded(k) / Words::values};
}

/// Rows that are stored as the product takes them stay where they are; others go through the workspace.
template <class Words, class T>
Rows<false> make_rows(const PlainRows<T>& plain, Range block, int64_t k, typename Words::Value* workspace) {
  const int64_t width = padded(k);
  const T* from = plain.x + block.begin * width;
  if constexpr (std::is_same_v<T, typename Words::Value>) {
    return rows_at<Words>(from, k);
  } else {
    for (int64_t i = 0; i < block.size() * width; i += lanes) Words::put(load_ahead(from + i), workspace + i);
    return rows_at<Words>(workspace, k);
  }
}

/// Copies the pixels of one patch row that lie inside the image.
HWY_INLINE void copy_patch_row(const float* image_row, int64_t x, int64_t width, float* out) {
  if (x >= 0 && x + 3 <= width) {
    std::memcpy(out, image_row + x * 3, 9 * sizeof(float));
    return;
  }
  for (int64_t kx = 0; kx < 3; ++kx) {
    const bool inside = x + kx >= 0 && x + kx < width;
    for (int64_t c = 0; c < 3; ++c) out[kx * 3 + c] = inside ? image_row[(x + kx) * 3 + c] : 0.F;
  }
}

template <class Words>
Rows<false> make_rows(const PatchRows& from, Range block, int64_t k, typename Words::Value* workspace) {
  const int64_t width = padded(k);
  const int64_t pixels = from.out_height * from.out_width;
  float patch[padded(patch_values)] = {};
  for (int64_t row = block.begin; row < block.end; ++row) {
    const float* image = from.image + row / pixels * from.height * from.width * 3;
    const int64_t y = row % pixels / from.out_width * 2 - 1;
    const int64_t x = row % from.out_width * 2 - 1;
    for (int64_t ky = 0; ky < 3; ++ky) {
      if (y + ky >= 0 && y + ky < from.height)
        copy_patch_row(image + (y + ky) * from.width * 3, x, from.width, patch + ky * 9);
      else
        std::memset(patch + ky * 9, 0, 9 * sizeof(float));
    }
    for (int64_t i = 0; i < width; i += lanes) Words::put(load(patch + i), workspace + (row - block.begin) * width + i);
  }
  return rows_at<Words>(workspace, k);
}

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
