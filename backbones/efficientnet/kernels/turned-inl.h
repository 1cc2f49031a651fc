// Rows for a sum over them, as the gradients of a matrix are.
#if defined(EFFICIENTNET_KERNELS_TURNED_INL) == \
    defined(HWY_TARGET_TOGGLE)  // once per instruction set: Highway's include guard
#ifdef EFFICIENTNET_KERNELS_TURNED_INL
#undef EFFICIENTNET_KERNELS_TURNED_INL
#else
#define EFFICIENTNET_KERNELS_TURNED_INL
#endif

#include <algorithm>

#include "backbones/efficientnet/kernels/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

/// Rows [words(rows), width] whose words hold values of neighbouring rows.
template <class Words>
struct Turned {
  float* words;
};

/// Singles are turned where they lie.
template <class Words>
Turned<Words> turned_place(float* rows, float* elsewhere) {
  return {Words::values == 1 ? rows : elsewhere};
}

/// Zeros from the last word of the rows to the last of the sum.
template <class Words>
HWY_INLINE void fill_up(int64_t rows, int64_t width, Turned<Words> to) {
  float* const end = to.words + (rows + 1) / 2 * width;
  std::fill(end, to.words + words<Words>(rows) * width, 0.F);
}

/// Where rows of singles lie, a sum over them can go through them just so; pairs are woven from two rows, the last of
/// which may be missing, and followed by zeros up to the words of the sum.
template <class Words, class Value>
HWY_INLINE void fill_turned(int64_t rows, int64_t width, Turned<Words> to, Value value) {
  if constexpr (Words::values == 1) {
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = 0; c < width; c += lanes) value(r, c);
  } else {
    for (int64_t r = 0; r < rows; r += 2)
      for (int64_t c = 0; c < width; c += lanes) {
        const V first = value(r, c);
        const V second = r + 1 < rows ? value(r + 1, c) : zero();
        store(Words::words_of(first, second), to.words + r / 2 * width + c);
      }
    fill_up(rows, width, to);
  }
}

/// A block of rows for both kinds of sums, along a row and over the rows: [block, width] and [words(block), width].
template <class Words>
struct BothWays {
  typename Words::Value* values;
  Turned<Words> turned;
  int64_t width;

  /// In memory for block * width floats; block is a multiple of Words::tile_rows.
  BothWays(float* memory, int64_t block, int64_t row_width)
      : values(reinterpret_cast<typename Words::Value*>(memory)),
        turned(turned_place<Words>(memory, memory + block * row_width / 2)),
        width(row_width) {}

  Rows<false> rows() const { return {reinterpret_cast<const float*>(values), width / Words::values}; }
  Rows<true> turned_rows() const { return {turned.words, width}; }
  Columns<Words> turned_columns(int64_t rows) const { return {turned.words, words<Words>(rows), width}; }
};

template <class Words, class Value>
HWY_INLINE void fill_both_ways(int64_t rows, int64_t width, BothWays<Words> to, Value value) {
  fill_turned(rows, width, to.turned, [=](int64_t r, int64_t c) HWY_ATTR {
    const V made = value(r, c);
    Words::put(made, to.values + r * width + c);
    return made;
  });
}

/// Rows that are there, for a sum over them; pairs are woven into the workspace [words(rows), width].
template <class Words>
Rows<true> turned(Rows<false> from, int64_t rows, int64_t width, float* workspace) {
  if constexpr (Words::values == 1) {
    return {from.values, from.stride};
  } else {
    const auto* values = reinterpret_cast<const typename Words::Value*>(from.values);
    for (int64_t r = 0; r < rows; r += 2)
      for (int64_t c = 0; c < width; c += lanes) {
        const auto first = Words::halves_at(values + r * width + c);
        const auto second = r + 1 < rows ? Words::halves_at(values + (r + 1) * width + c) : Words::no_halves();
        store(Words::words_of(first, second), workspace + r / 2 * width + c);
      }
    fill_up(rows, width, Turned<Words>{workspace});
    return {workspace, width};
  }
}

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
