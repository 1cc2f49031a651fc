// The rows of a product: blocks of them, as they lie or as patches of an image.
#if defined(EFFICIENTNET_KERNELS_ROWS_INL) == \
    defined(HWY_TARGET_TOGGLE)  // once per instruction set: Highway's include guard
#ifdef EFFICIENTNET_KERNELS_ROWS_INL
#undef EFFICIENTNET_KERNELS_ROWS_INL
#else
#define EFFICIENTNET_KERNELS_ROWS_INL
#endif

#include <cstring>

#include "backbones/efficientnet/kernels/product-inl.h"
#include "backbones/efficientnet/kernels/products.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

/// Calls body(block) for even blocks of at most `most` rows.
template <class Body>
HWY_INLINE void over_blocks(Range rows, int64_t most, Body body) {
  const int64_t blocks = (rows.size() + most - 1) / most;
  for (int64_t b = 0; b < blocks; ++b)
    body(Range{rows.begin + rows.size() * b / blocks, rows.begin + rows.size() * (b + 1) / blocks});
}

inline Rows<false> make_rows(const PlainRows<float>& plain, Range block, int64_t k, float*) {
  return {plain.x + block.begin * padded(k), padded(k)};
}

inline Rows<false> make_rows(const PlainRows<bfloat16>& plain, Range block, int64_t k, float* workspace) {
  const int64_t width = padded(k);
  const bfloat16* from = plain.x + block.begin * width;
  for (int64_t i = 0; i < block.size() * width; i += lanes) store(load_ahead(from + i), workspace + i);
  return {workspace, width};
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

inline Rows<false> make_rows(const PatchRows& from, Range block, int64_t k, float* workspace) {
  const int64_t width = padded(k);
  const int64_t pixels = from.out_height * from.out_width;
  for (int64_t row = block.begin; row < block.end; ++row) {
    const float* image = from.image + row / pixels * from.height * from.width * 3;
    const int64_t y = row % pixels / from.out_width * 2 - 1;
    const int64_t x = row % from.out_width * 2 - 1;
    float* out = workspace + (row - block.begin) * width;
    for (int64_t ky = 0; ky < 3; ++ky) {
      if (y + ky >= 0 && y + ky < from.height)
        copy_patch_row(image + (y + ky) * from.width * 3, x, from.width, out + ky * 9);
      else
        std::memset(out + ky * 9, 0, 9 * sizeof(float));
    }
  }
  return {workspace, width};
}

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
