// The product of a block of rows with a matrix by AMX: tiles of 16 rows of 16 words, in registers of their own.
#if defined(EFFICIENTNET_KERNELS_TILES_INL) == \
    defined(HWY_TARGET_TOGGLE)  // once per instruction set: Highway's include guard
#ifdef EFFICIENTNET_KERNELS_TILES_INL
#undef EFFICIENTNET_KERNELS_TILES_INL
#else
#define EFFICIENTNET_KERNELS_TILES_INL
#endif

#include <algorithm>

#include "backbones/efficientnet/kernels/product-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

#if HWY_TARGET == HWY_AVX3

constexpr int64_t side = 16;  ///< rows of a tile, and words of a row
static_assert(Tiles::tile_rows == 2 * side && panel_width == 2 * side);

/// What LDTILECFG reads.
struct alignas(64) TileShapes {
  uint8_t palette = 1;
  uint8_t start_row = 0;
  uint8_t reserved[14] = {};
  uint16_t bytes_per_row[16] = {};
  uint8_t rows[16] = {};

  void set(int tile, int64_t height, int64_t words) {
    rows[tile] = static_cast<uint8_t>(height);
    bytes_per_row[tile] = static_cast<uint16_t>(words * 4);
  }
};

/// Up to 32 rows and 32 columns of a product. Tiles 0 to 3 are the sums: upper left, upper right, lower left, lower
/// right; 4 and 5 the upper and lower rows, 6 and 7 the left and right columns. Written in assembler for the reason
/// given at Pairs; the compiler uses none of these registers by itself.
class TileProduct {
 public:
  /// Each step of the sum takes `step` words, at most 16.
  TileProduct(int64_t height, int64_t step) : height_(height), step_(step) {
    const int64_t upper = std::min(side, height);
    const int64_t lower = height - upper;
    TileShapes shapes;
    for (int column = 0; column < 2; ++column) {
      shapes.set(column, upper, side);
      if (lower > 0) shapes.set(2 + column, lower, side);
      shapes.set(6 + column, step, side);
    }
    shapes.set(4, upper, step);
    if (lower > 0) shapes.set(5, lower, step);
    asm volatile("ldtilecfg %0" ::"m"(shapes));
  }
  TileProduct(const TileProduct&) = delete;
  TileProduct& operator=(const TileProduct&) = delete;
  ~TileProduct() { asm volatile("tilerelease"); }

  /// out [height, 32] = rows [height, depth] x panel [depth, 16 or 32].
  void multiply(Rows<false> rows, int64_t depth, const float* panel, int64_t panel_stride, bool is_wide,
                float* out) const {
    const bool is_high = height_ > side;
    if (is_wide && is_high)
      sum<true, true>(rows, depth, panel, panel_stride, out);
    else if (is_wide)
      sum<true, false>(rows, depth, panel, panel_stride, out);
    else if (is_high)
      sum<false, true>(rows, depth, panel, panel_stride, out);
    else
      sum<false, false>(rows, depth, panel, panel_stride, out);
  }

 private:
  template <bool Wide, bool High>
  void sum(Rows<false> rows, int64_t depth, const float* panel, int64_t panel_stride, float* out) const {
    const int64_t row_bytes = rows.stride * 4;
    const int64_t panel_bytes = panel_stride * 4;
    asm volatile("tilezero %tmm0");
    if constexpr (Wide) asm volatile("tilezero %tmm1");
    if constexpr (High) asm volatile("tilezero %tmm2");
    if constexpr (Wide && High) asm volatile("tilezero %tmm3");
    const float* upper = rows.values;
    const float* lower = rows.values + side * rows.stride;
    for (int64_t k = 0; k < depth; k += step_) {
      asm volatile("tileloadd (%0,%1,1), %%tmm4" ::"r"(upper + k), "r"(row_bytes) : "memory");
      asm volatile("tileloadd (%0,%1,1), %%tmm6" ::"r"(panel), "r"(panel_bytes) : "memory");
      asm volatile("tdpbf16ps %tmm6, %tmm4, %tmm0");
      if constexpr (Wide) {
        asm volatile("tileloadd (%0,%1,1), %%tmm7" ::"r"(panel + side), "r"(panel_bytes) : "memory");
        asm volatile("tdpbf16ps %tmm7, %tmm4, %tmm1");
      }
      if constexpr (High) {
        asm volatile("tileloadd (%0,%1,1), %%tmm5" ::"r"(lower + k), "r"(row_bytes) : "memory");
        asm volatile("tdpbf16ps %tmm6, %tmm5, %tmm2");
        if constexpr (Wide) asm volatile("tdpbf16ps %tmm7, %tmm5, %tmm3");
      }
      panel += step_ * panel_stride;
    }
    constexpr int64_t out_bytes = panel_width * 4;
    asm volatile("tilestored %%tmm0, (%0,%1,1)" ::"r"(out), "r"(out_bytes) : "memory");
    if constexpr (Wide) asm volatile("tilestored %%tmm1, (%0,%1,1)" ::"r"(out + side), "r"(out_bytes) : "memory");
    float* const below = out + side * panel_width;
    if constexpr (High) asm volatile("tilestored %%tmm2, (%0,%1,1)" ::"r"(below), "r"(out_bytes) : "memory");
    if constexpr (Wide && High)
      asm volatile("tilestored %%tmm3, (%0,%1,1)" ::"r"(below + side), "r"(out_bytes) : "memory");
  }

  int64_t height_;
  int64_t step_;
};

/// The most words that a tile holds and that divide the sum evenly; at least eight.
inline int64_t step_of(int64_t depth) {
  int64_t step = std::min(side, depth);
  while (depth % step != 0) --step;
  return step;
}

// ---- rows of a sum over them ----------------------------------------------------------------------------------------

/// Exchanges rows and columns of 16 x 16 words, in four steps, each of which exchanges words at another distance.
HWY_INLINE void transpose(__m512 (&r)[side]) {
  __m512 t[side];
#pragma GCC unroll 8
  for (int i = 0; i < side; i += 2) {
    t[i] = _mm512_unpacklo_ps(r[i], r[i + 1]);
    t[i + 1] = _mm512_unpackhi_ps(r[i], r[i + 1]);
  }
  const auto low = [](__m512 a, __m512 b) HWY_ATTR {
    return _mm512_castpd_ps(_mm512_unpacklo_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
  };
  const auto high = [](__m512 a, __m512 b) HWY_ATTR {
    return _mm512_castpd_ps(_mm512_unpackhi_pd(_mm512_castps_pd(a), _mm512_castps_pd(b)));
  };
  // r[4 g + c]: in its quarter q stands column 4 q + c of rows 4 g .. 4 g + 3
#pragma GCC unroll 4
  for (int g = 0; g < side; g += 4) {
    r[g] = low(t[g], t[g + 2]);
    r[g + 1] = high(t[g], t[g + 2]);
    r[g + 2] = low(t[g + 1], t[g + 3]);
    r[g + 3] = high(t[g + 1], t[g + 3]);
  }
#pragma GCC unroll 4
  for (int c = 0; c < 4; ++c) {
    t[c] = _mm512_shuffle_f32x4(r[c], r[c + 4], 0x88);      // quarters 0, 2 of two groups
    t[c + 4] = _mm512_shuffle_f32x4(r[c], r[c + 4], 0xdd);  // quarters 1, 3
    t[c + 8] = _mm512_shuffle_f32x4(r[c + 8], r[c + 12], 0x88);
    t[c + 12] = _mm512_shuffle_f32x4(r[c + 8], r[c + 12], 0xdd);
  }
#pragma GCC unroll 4
  for (int c = 0; c < 4; ++c) {
    r[c] = _mm512_shuffle_f32x4(t[c], t[c + 8], 0x88);
    r[c + 8] = _mm512_shuffle_f32x4(t[c], t[c + 8], 0xdd);
    r[c + 4] = _mm512_shuffle_f32x4(t[c + 4], t[c + 12], 0x88);
    r[c + 12] = _mm512_shuffle_f32x4(t[c + 4], t[c + 12], 0xdd);
  }
}

/// Rows of a block, as a tile takes them. Rows that are there already stay there.
class TileRows {
 public:
  Rows<false> at(Rows<false> rows, int64_t row, int64_t, int64_t) { return rows.from(row); }

  /// Reads the columns up to the next multiple of 16.
  HWY_NOINLINE Rows<false> at(Rows<true> rows, int64_t row, int64_t height, int64_t depth) {
    const float* const from = rows.values + row;
    for (int64_t i = 0; i < height; i += side)
      for (int64_t k = 0; k < depth; k += side) {
        __m512 words[side];
        for (int64_t j = 0; j < side; ++j)
          words[j] = k + j < depth ? _mm512_loadu_ps(from + (k + j) * rows.stride + i) : _mm512_setzero_ps();
        transpose(words);
        for (int64_t j = 0; j < side; ++j) _mm512_store_ps(memory_ + (i + j) * most_depth + k, words[j]);
      }
    return {memory_, most_depth};
  }

 private:
  static constexpr int64_t most_depth = 4 * Tiles::tile_rows;  // the pairs of as many rows as a block has at most
  alignas(64) float memory_[Tiles::tile_rows * most_depth];
};

// ---- finished tiles -------------------------------------------------------------------------------------------------

template <int Height, int Vectors, class Finish>
HWY_INLINE void finish_rows(const float* sums, const Finish& finish, int64_t row, int64_t column) {
  V tile[Height][Vectors];
#pragma GCC unroll 8
  for (int i = 0; i < Height; ++i)
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; ++j) tile[i][j] = load(sums + i * panel_width + j * lanes);
  finish(tile, row, column);
}

template <int Vectors, class Finish>
HWY_NOINLINE void finish_tiles(const float* sums, int64_t height, Finish finish, int64_t row, int64_t column) {
  constexpr int together = 8;  // half of the registers
  int64_t i = 0;
  for (; i + together <= height; i += together)
    finish_rows<together, Vectors>(sums + i * panel_width, finish, row + i, column);
  for (; i < height; ++i) finish_rows<1, Vectors>(sums + i * panel_width, finish, row + i, column);
}

/// Calls finish(tile, row, column) for all of rows [height, depth] x columns [depth, width]; width is padded, depth a
/// multiple of eight.
template <bool Transposed, class Finish>
void product(Rows<Transposed> rows, int64_t height, const Columns<Tiles>& columns, int64_t width,
             const Finish& finish) {
  const int64_t step = step_of(columns.depth);
  TileRows turned;
  alignas(64) float sums[Tiles::tile_rows * panel_width];
  const auto multiply_rows = [&](int64_t row, const TileProduct& by_tiles, int64_t part) HWY_ATTR {
    const Rows<false> own = turned.at(rows, row, part, columns.depth);
    for (int64_t column = 0; column < width; column += panel_width) {
      const bool is_wide = width - column >= panel_width;
      by_tiles.multiply(own, columns.depth, columns.panel(column), columns.stride(is_wide ? 2 : 1), is_wide, sums);
      if (is_wide)
        finish_tiles<2>(sums, part, finish, row, column);
      else
        finish_tiles<1>(sums, part, finish, row, column);
    }
  };
  const int64_t whole = height / Tiles::tile_rows * Tiles::tile_rows;
  if (whole > 0) {
    const TileProduct by_tiles(Tiles::tile_rows, step);
    for (int64_t row = 0; row < whole; row += Tiles::tile_rows) multiply_rows(row, by_tiles, Tiles::tile_rows);
  }
  if (whole < height) multiply_rows(whole, TileProduct(height - whole, step), height - whole);
}

#endif  // HWY_TARGET == HWY_AVX3

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
