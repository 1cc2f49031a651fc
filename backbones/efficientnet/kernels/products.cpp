#include "backbones/efficientnet/kernels/products.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backbones/efficientnet/kernels/products.cpp"
#include <hwy/foreach_target.h>

#include "backbones/efficientnet/kernels/product-inl.h"
#include "backbones/efficientnet/kernels/rows-inl.h"
#include "backbones/efficientnet/kernels/turned-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

// ---- packing --------------------------------------------------------------------------------------------------------

template <class Words>
int64_t packed_size(int64_t k, int64_t n) {
  return words<Words>(k) * padded(n);
}

static_assert(pack_step % panel_width == 0);

template <class Words>
void pack(const MatrixView& matrix, Range columns, float* packed) {
  const int64_t width = padded(matrix.n);
  const int64_t depth = words<Words>(matrix.k);
  for (int64_t column = columns.begin; column < columns.end; column += panel_width) {
    float* panel = packed + column * depth;
    const int64_t panel_columns = std::min(panel_width, width - column);
    const int64_t filled = std::clamp<int64_t>(matrix.n - column, 0, panel_columns);
    if (filled < panel_columns) std::memset(panel, 0, static_cast<size_t>(panel_columns * depth) * sizeof(float));
    const float* from = matrix.values + column * matrix.n_stride;
    const auto word = [&](int64_t w, int64_t j) {
      if (w * Words::values >= matrix.k) return 0.F;
      const float* value = from + j * matrix.n_stride + w * Words::values * matrix.k_stride;
      const bool is_whole = (w + 1) * Words::values <= matrix.k;
      return Words::word_of(*value, is_whole ? value[(Words::values - 1) * matrix.k_stride] : 0.F);
    };
    if (matrix.n_stride == 1) {
      for (int64_t w = 0; w < depth; ++w)
        for (int64_t j = 0; j < filled; ++j) panel[w * panel_columns + j] = word(w, j);
    } else {
      for (int64_t j = 0; j < filled; ++j)
        for (int64_t w = 0; w < depth; ++w) panel[w * panel_columns + j] = word(w, j);
    }
  }
}

// ---- blocks of rows -------------------------------------------------------------------------------------------------

/// Rows worked on at a time: three copies of them, k wide, stay in half a megabyte of cache.
template <class Words>
int64_t block_rows(int64_t k, int64_t n) {
  constexpr int64_t tile_rows = Words::tile_rows;
  const int64_t fitting = 43'000 / std::max(padded(k), padded(n));
  return std::clamp<int64_t>(fitting / tile_rows * tile_rows, tile_rows, 8 * tile_rows);
}

template <class Words>
struct Workspace {
  float* rows;    // [block, padded k]
  float* slopes;  // [block, padded k]
  float* t;       // [block, padded k]
  float* dz;      // [block, padded n]
  float* sums;    // [2, padded n]
  int64_t block;

  Workspace(float* begin, int64_t k, int64_t n) : block(block_rows<Words>(k, n)) {
    rows = begin;
    slopes = rows + block * padded(k);
    t = slopes + block * padded(k);
    dz = t + block * padded(k);
    sums = dz + block * padded(n);
  }
};

template <class Words>
int64_t workspace_size(int64_t k, int64_t n) {
  return block_rows<Words>(k, n) * (3 * padded(k) + padded(n)) + 2 * padded(n);
}

/// Calls body(image, rows) for the parts of a block that belong to one image each.
template <class Body>
HWY_INLINE void over_images(Range block, int64_t rows_per_image, Body body) {
  for (int64_t row = block.begin; row < block.end;) {
    const int64_t image = row / rows_per_image;
    const int64_t end = std::min(block.end, (image + 1) * rows_per_image);
    body(image, Range{row, end});
    row = end;
  }
}

template <class Words>
typename Words::Value* as_values(float* memory) {
  return reinterpret_cast<typename Words::Value*>(memory);
}

// ---- what rows are made of ------------------------------------------------------------------------------------------

template <class Words, class T>
HWY_NOINLINE void activate_rows(const T* z, int64_t rows, int64_t width, Norm norm, const float* gate,
                                typename Words::Value* out) {
  for (int64_t r = 0; r < rows; ++r, z += width, out += width)
    for (int64_t c = 0; c < width; c += lanes)
      Words::put(hn::Mul(silu<T>(normalize(norm, c, load_ahead(z + c))), load(gate + c)), out + c);
}

template <class Words, class T>
Rows<false> make_rows(const ActivatedRows<T>& from, Range block, int64_t k, typename Words::Value* workspace) {
  const int64_t width = padded(k);
  over_images(block, from.rows_per_image, [&](int64_t image, Range part) HWY_ATTR {
    activate_rows<Words>(from.z + part.begin * width, part.size(), width, from.norm, from.gate + image * width,
                         workspace + (part.begin - block.begin) * width);
  });
  return rows_at<Words>(workspace, k);
}

// ---- forwards -------------------------------------------------------------------------------------------------------

template <class Words, class Source, class T>
void forward(const Source& source, const ProductForward<T>& to, Range rows, float* memory) {
  const Workspace<Words> workspace(memory, to.k, to.n);
  const int64_t width = padded(to.n);
  std::memset(workspace.sums, 0, static_cast<size_t>(2 * width) * sizeof(float));
  over_blocks(rows, workspace.block, [&](Range block) HWY_ATTR {
    const Rows<false> made = make_rows<Words>(source, block, to.k, as_values<Words>(workspace.rows));
    product(made, block.size(), Columns<Words>{to.packed, words<Words>(to.k)}, width,
            StoreWithSums<T>{to.z + block.begin * width, width, to.stream, workspace.sums, workspace.sums + width});
    flush(workspace.sums, width, to.sums.first);
    flush(workspace.sums + width, width, to.sums.second);
  });
}

// ---- backwards ------------------------------------------------------------------------------------------------------

template <class Words, class T>
HWY_NOINLINE void gradient_rows(const T* gradient, const T* z, int64_t rows, int64_t width, NormGradient norm,
                                float factor, BothWays<Words> dz) {
  fill_both_ways(rows, width, dz, [=](int64_t r, int64_t c) HWY_ATTR {
    const int64_t at = r * width + c;
    return gradient_of(norm, c, hn::Mul(load_ahead(gradient + at), all(factor)), load_ahead(z + at));
  });
}

template <class Words, class Source, class T>
void backward(const Source& source, const ProductBackward<T>& to, Range rows, float* memory) {
  const Workspace<Words> workspace(memory, to.k, to.n);
  const int64_t k_width = padded(to.k);
  const int64_t n_width = padded(to.n);
  const BothWays<Words> dz(workspace.dz, workspace.block, n_width);
  over_blocks(rows, workspace.block, [&](Range block) HWY_ATTR {
    const Rows<false> made = make_rows<Words>(source, block, to.k, as_values<Words>(workspace.rows));
    gradient_rows(to.gradient + block.begin * n_width, to.z + block.begin * n_width, block.size(), n_width, to.norm, 1,
                  dz);
    product(turned<Words>(made, block.size(), k_width, workspace.t), to.k, dz.turned_columns(block.size()), n_width,
            Accumulate{to.dmatrix, n_width});
    if (!to.packed_transposed) return;
    const int64_t at = block.begin * k_width;
    product(dz.rows(), block.size(), Columns<Words>{to.packed_transposed, words<Words>(to.n)}, k_width,
            Store<T>{to.drows + at, k_width, to.residual ? to.residual + at : nullptr});
  });
}

/// rows = SiLU(u) * gate, slopes = SiLU'(u); and the rows for a sum over them.
template <class Words, class T>
HWY_NOINLINE void activate_with_slopes(const T* z, int64_t rows, int64_t width, Norm norm, const float* gate,
                                       float* out, float* slopes, Turned<Words> turned_out) {
  fill_turned(rows, width, turned_out, [=](int64_t r, int64_t c) HWY_ATTR {
    const int64_t at = r * width + c;
    const SiluWithSlope y = silu_with_slope<T>(normalize(norm, c, load_ahead(z + at)));
    const V value = hn::Mul(y.value, load(gate + c));
    store(value, out + at);
    store(y.slope, slopes + at);
    return value;
  });
}

/// Rows whose sums are added up before they are added to those of the image: a sum of sums rounds less.
constexpr int64_t stretch_rows = 16;

/// Writes t out and adds up the five sums. All pointers at the first of `rows` rows; the sums at their image's.
template <class Words, class T>
HWY_NOINLINE void sum_up(const Workspace<Words>& block, const T* z, int64_t rows, int64_t width, Norm norm,
                         ExciteSums sums, T* t_out, bool stream) {
  over_blocks({0, rows}, stretch_rows, [=](Range stretch) HWY_ATTR {
    for (int64_t c = 0; c < width; c += lanes) {
      V t_a = zero();
      V t_d = zero();
      V t_d_x = zero();
      V d = zero();
      V d_x = zero();
      for (int64_t r = stretch.begin; r < stretch.end; ++r) {
        const int64_t at = r * width + c;
        const V t = load(block.t + at);
        const V slope = load(block.slopes + at);
        const V x = standardize(norm, c, load(z + at));
        const V t_slope = hn::Mul(t, slope);
        store(t, t_out + at, stream);
        t_a = hn::MulAdd(t, load(block.rows + at), t_a);
        t_d = hn::Add(t_d, t_slope);
        t_d_x = hn::MulAdd(t_slope, x, t_d_x);
        d = hn::Add(d, slope);
        d_x = hn::MulAdd(slope, x, d_x);
      }
      add_to(sums.t_a + c, t_a);
      add_to(sums.t_d + c, t_d);
      add_to(sums.t_d_x + c, t_d_x);
      add_to(sums.d + c, d);
      add_to(sums.d_x + c, d_x);
    }
  });
}

ExciteSums at_image(const ExciteSums& sums, int64_t offset) {
  return {sums.t_a + offset, sums.t_d + offset, sums.t_d_x + offset, sums.d + offset, sums.d_x + offset};
}

template <class Words, class T>
void backward_project(const ProjectBackward<T>& to, Range rows, float* memory) {
  const Workspace<Words> workspace(memory, to.k, to.n);
  const ActivatedRows<T>& from = to.rows;
  const int64_t k_width = padded(to.k);
  const int64_t n_width = padded(to.n);
  const BothWays<Words> dz(workspace.dz, workspace.block, n_width);
  const Turned<Words> activated = turned_place<Words>(workspace.rows, workspace.t);  // t comes afterwards
  over_images(rows, from.rows_per_image, [&](int64_t image, Range part) HWY_ATTR {
    const ExciteSums sums = at_image(to.sums, (image - to.first_image) * k_width);
    over_blocks(part, workspace.block, [&](Range block) HWY_ATTR {
      gradient_rows(to.gradient + block.begin * n_width, to.z + block.begin * n_width, block.size(), n_width, to.norm,
                    to.factor ? to.factor[image] : 1.F, dz);
      activate_with_slopes(from.z + block.begin * k_width, block.size(), k_width, from.norm,
                           from.gate + image * k_width, workspace.rows, workspace.slopes, activated);
      product(dz.turned_rows(), to.n, Columns<Words>{activated.words, words<Words>(block.size()), k_width}, k_width,
              Accumulate{to.dmatrix_transposed, k_width});
      product(dz.rows(), block.size(), Columns<Words>{to.packed_transposed, words<Words>(to.n)}, k_width,
              Store<float>{workspace.t, k_width, nullptr});
      sum_up(workspace, from.z + block.begin * k_width, block.size(), k_width, from.norm, sums,
             to.t + block.begin * k_width, to.stream);
    });
  });
}

template <class T, class Words>
constexpr ProductKernels<T> product_kernels{packed_size<Words>,
                                            pack<Words>,
                                            workspace_size<Words>,
                                            forward<Words, PlainRows<T>, T>,
                                            forward<Words, ActivatedRows<T>, T>,
                                            forward<Words, PatchRows, T>,
                                            backward<Words, PlainRows<T>, T>,
                                            backward<Words, PatchRows, T>,
                                            backward_project<Words, T>};

const ProductKernels<float>* product_kernels_float32() { return &product_kernels<float, Singles>; }
const ProductKernels<bfloat16>* product_kernels_bfloat16() { return &product_kernels<bfloat16, Singles>; }
const ProductKernels<bfloat16>* product_kernels_in_pairs() { return &product_kernels<bfloat16, PairsOrSingles>; }
const ProductKernels<bfloat16>* product_kernels_in_tiles() { return &product_kernels<bfloat16, TilesOrSingles>; }

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace efficientnet::kernels {
HWY_EXPORT(product_kernels_float32);
HWY_EXPORT(product_kernels_bfloat16);
HWY_EXPORT(product_kernels_in_pairs);
HWY_EXPORT(product_kernels_in_tiles);
template <>
const ProductKernels<float>& chosen_product_kernels() {
  return *HWY_DYNAMIC_DISPATCH(product_kernels_float32)();
}
template <>
const ProductKernels<bfloat16>& chosen_product_kernels() {
  return *HWY_DYNAMIC_DISPATCH(product_kernels_bfloat16)();
}
const ProductKernels<bfloat16>& chosen_product_kernels_in_pairs() {
  return *HWY_DYNAMIC_DISPATCH(product_kernels_in_pairs)();
}
const ProductKernels<bfloat16>& chosen_product_kernels_in_tiles() {
  return *HWY_DYNAMIC_DISPATCH(product_kernels_in_tiles)();
}
}  // namespace efficientnet::kernels
#endif
