// The product of a block of rows with a matrix: register tiles, and what happens to a finished tile.
#if defined(EFFICIENTNET_KERNELS_PRODUCT_INL) == \
    defined(HWY_TARGET_TOGGLE)  // once per instruction set: Highway's include guard
#ifdef EFFICIENTNET_KERNELS_PRODUCT_INL
#undef EFFICIENTNET_KERNELS_PRODUCT_INL
#else
#define EFFICIENTNET_KERNELS_PRODUCT_INL
#endif

#include "backbones/efficientnet/kernels/words-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

constexpr int64_t panel_width = 2 * lanes;

/// A matrix [depth, width] of words in panels of panel_width columns (the last may have half as many), each panel
/// [depth, its width] by itself; or, with a row_stride, as it lies.
template <class Words>
struct Columns {
  const float* values;
  int64_t depth;
  int64_t row_stride = 0;

  HWY_INLINE const float* panel(int64_t column) const { return values + (row_stride ? column : column * depth); }
  HWY_INLINE int64_t stride(int vectors) const { return row_stride ? row_stride : vectors * lanes; }
};

/// Word (row, k) lies at values[row * stride + k], or transposed at values[k * stride + row].
template <bool Transposed>
struct Rows {
  const float* values;
  int64_t stride;

  HWY_INLINE Rows from(int64_t row) const { return {values + (Transposed ? row : row * stride), stride}; }
};

/// tile = rows x columns of one panel.
template <class Words, int Height, int Vectors, bool Transposed>
HWY_INLINE void multiply(Rows<Transposed> rows, int64_t depth, const float* panel, int64_t panel_stride,
                         V (&tile)[Height][Vectors]) {
#pragma GCC unroll 16
  for (int i = 0; i < Height; ++i)
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; ++j) tile[i][j] = zero();
  // x86 addresses a base plus one or two strides: five bases reach fourteen rows.
  const float* base[5];
  for (int g = 0; g < 5; ++g) base[g] = rows.values + (Transposed ? 0 : 3 * g * rows.stride);
  for (int64_t k = 0; k < depth; ++k) {
    V b[Vectors];
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; ++j) b[j] = load(panel + j * lanes);
#pragma GCC unroll 16
    for (int i = 0; i < Height; ++i) {
      const V a = all_of(Transposed ? base[0] + i : base[i / 3] + (i % 3) * rows.stride);
#pragma GCC unroll 2
      for (int j = 0; j < Vectors; ++j) tile[i][j] = Words::multiply_add(a, b[j], tile[i][j]);
    }
    panel += panel_stride;
#pragma GCC unroll 5
    for (int g = 0; g < (Transposed ? 1 : 5); ++g) base[g] += Transposed ? rows.stride : 1;
  }
}

template <int Height, int Vectors, class Words, bool Transposed, class Finish>
HWY_NOINLINE void one_tile(Rows<Transposed> rows, const Columns<Words>& columns, Finish finish, int64_t row,
                           int64_t column) {
  V tile[Height][Vectors];
  multiply<Words, Height, Vectors>(rows.from(row), columns.depth, columns.panel(column), columns.stride(Vectors), tile);
  finish(tile, row, column);
}

template <int Height, class Words, bool Transposed, class Finish>
HWY_INLINE void tile_of(int64_t height, Rows<Transposed> rows, const Columns<Words>& columns, const Finish& finish,
                        int64_t row, int64_t column, int64_t width) {
  if constexpr (Height > 1) {
    if (height < Height) return tile_of<Height - 1>(height, rows, columns, finish, row, column, width);
  }
  if (width - column >= panel_width)
    one_tile<Height, 2>(rows, columns, finish, row, column);
  else
    one_tile<Height, 1>(rows, columns, finish, row, column);
}

/// Calls finish(tile, row, column) for every tile of rows [height, depth] x columns [depth, width]; width is padded.
template <class Words, bool Transposed, class Finish>
void product(Rows<Transposed> rows, int64_t height, const Columns<Words>& columns, int64_t width,
             const Finish& finish) {
  constexpr int tile_rows = Words::tile_rows;
  const int64_t tiles = (height + tile_rows - 1) / tile_rows;
  const auto tile = [&](int64_t t, int64_t column) HWY_ATTR {
    const int64_t begin = height * t / tiles;
    tile_of<tile_rows>(height * (t + 1) / tiles - begin, rows, columns, finish, begin, column, width);
  };
  // A matrix that fits the nearest cache is walked again for each tile, so that rows are written from end to end.
  constexpr int64_t near_cache = 12288;
  if (columns.depth * width <= near_cache) {
    for (int64_t t = 0; t < tiles; ++t)
      for (int64_t column = 0; column < width; column += panel_width) tile(t, column);
  } else {
    for (int64_t column = 0; column < width; column += panel_width)
      for (int64_t t = 0; t < tiles; ++t) tile(t, column);
  }
}

/// out = tile, with the sums of the values and of their squares per column.
template <class T>
struct StoreWithSums {
  T* out;
  int64_t stride;
  bool stream;
  float* sum;
  float* sum_of_squares;

  template <int Height, int Vectors>
  HWY_INLINE void operator()(const V (&tile)[Height][Vectors], int64_t row, int64_t column) const {
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; ++j) {
      V first = zero();
      V second = zero();
#pragma GCC unroll 16
      for (int i = 0; i < Height; ++i) {
        const V value = tile[i][j];
        store(value, out + (row + i) * stride + column + j * lanes, stream);
        first = hn::Add(first, value);
        second = hn::MulAdd(value, value, second);
      }
      add_to(sum + column + j * lanes, first);
      add_to(sum_of_squares + column + j * lanes, second);
    }
  }
};

/// out += tile.
struct Accumulate {
  float* out;
  int64_t stride;

  template <int Height, int Vectors>
  HWY_INLINE void operator()(const V (&tile)[Height][Vectors], int64_t row, int64_t column) const {
#pragma GCC unroll 16
    for (int i = 0; i < Height; ++i)
#pragma GCC unroll 2
      for (int j = 0; j < Vectors; ++j) add_to(out + (row + i) * stride + column + j * lanes, tile[i][j]);
  }
};

/// out = tile + residual (null: 0).
template <class T>
struct Store {
  T* out;
  int64_t stride;
  const T* residual;

  template <int Height, int Vectors>
  HWY_INLINE void operator()(const V (&tile)[Height][Vectors], int64_t row, int64_t column) const {
#pragma GCC unroll 16
    for (int i = 0; i < Height; ++i)
#pragma GCC unroll 2
      for (int j = 0; j < Vectors; ++j) {
        const int64_t at = (row + i) * stride + column + j * lanes;
        store(residual ? hn::Add(tile[i][j], load(residual + at)) : tile[i][j], out + at);
      }
  }
};

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
