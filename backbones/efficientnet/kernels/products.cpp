#include "backbones/efficientnet/kernels/products.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backbones/efficientnet/kernels/products.cpp"
#include <hwy/foreach_target.h>

#include "backbones/efficientnet/kernels/product-inl.h"
#include "backbones/efficientnet/kernels/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

// ---- packing --------------------------------------------------------------------------------------------------------

int64_t packed_size(int64_t k, int64_t n) { return k * padded(n); }

static_assert(pack_step % panel_width == 0);

void pack(const MatrixView& matrix, Range columns, float* packed) {
  const int64_t width = padded(matrix.n);
  for (int64_t column = columns.begin; column < columns.end; column += panel_width) {
    float* panel = packed + column * matrix.k;
    const int64_t panel_columns = std::min(panel_width, width - column);
    const int64_t filled = std::clamp<int64_t>(matrix.n - column, 0, panel_columns);
    if (filled < panel_columns) std::memset(panel, 0, static_cast<size_t>(panel_columns * matrix.k) * sizeof(float));
    const float* from = matrix.values + column * matrix.n_stride;
    if (matrix.n_stride == 1) {
      for (int64_t k = 0; k < matrix.k; ++k)
        for (int64_t j = 0; j < filled; ++j) panel[k * panel_columns + j] = from[k * matrix.k_stride + j];
    } else {
      for (int64_t j = 0; j < filled; ++j)
        for (int64_t k = 0; k < matrix.k; ++k)
          panel[k * panel_columns + j] = from[j * matrix.n_stride + k * matrix.k_stride];
    }
  }
}

// ---- blocks of rows -------------------------------------------------------------------------------------------------

/// Rows worked on at a time: three copies of them, k wide, stay in half a megabyte of cache.
int64_t block_rows(int64_t k, int64_t n) {
  const int64_t fitting = 43'000 / std::max(padded(k), padded(n));
  return std::clamp<int64_t>(fitting / tile_rows * tile_rows, tile_rows, 8 * tile_rows);
}

struct Workspace {
  float* rows;    // [block, padded k]
  float* slopes;  // [block, padded k]
  float* t;       // [block, padded k]
  float* dz;      // [block, padded n]
  float* sums;    // [2, padded n]

  Workspace(float* begin, int64_t k, int64_t n) {
    const int64_t block = block_rows(k, n);
    rows = begin;
    slopes = rows + block * padded(k);
    t = slopes + block * padded(k);
    dz = t + block * padded(k);
    sums = dz + block * padded(n);
  }
};

int64_t workspace_size(int64_t k, int64_t n) { return block_rows(k, n) * (3 * padded(k) + padded(n)) + 2 * padded(n); }

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

// ---- what rows are made of ------------------------------------------------------------------------------------------

template <class T>
HWY_NOINLINE void activate_rows(const T* z, int64_t rows, int64_t width, Norm norm, const float* gate, float* out) {
  for (int64_t r = 0; r < rows; ++r, z += width, out += width)
    for (int64_t c = 0; c < width; c += lanes)
      store(hn::Mul(silu(normalize(norm, c, load_ahead(z + c))), load(gate + c)), out + c);
}

template <class T>
Rows<false> make_rows(const ActivatedRows<T>& from, Range block, int64_t k, float* workspace) {
  const int64_t width = padded(k);
  over_images(block, from.rows_per_image, [&](int64_t image, Range part) HWY_ATTR {
    activate_rows(from.z + part.begin * width, part.size(), width, from.norm, from.gate + image * width,
                  workspace + (part.begin - block.begin) * width);
  });
  return {workspace, width};
}

// ---- forwards -------------------------------------------------------------------------------------------------------

template <class Source, class T>
void forward(const Source& source, const ProductForward<T>& to, Range rows, float* memory) {
  const Workspace workspace(memory, to.k, to.n);
  const int64_t width = padded(to.n);
  std::memset(workspace.sums, 0, static_cast<size_t>(2 * width) * sizeof(float));
  over_blocks(rows, block_rows(to.k, to.n), [&](Range block) HWY_ATTR {
    const Rows<false> made = make_rows(source, block, to.k, workspace.rows);
    product(made, block.size(), Columns{to.packed, to.k}, width,
            StoreWithSums<T>{to.z + block.begin * width, width, to.stream, workspace.sums, workspace.sums + width});
    flush(workspace.sums, width, to.sums.first);
    flush(workspace.sums + width, width, to.sums.second);
  });
}

// ---- backwards ------------------------------------------------------------------------------------------------------

template <class T>
HWY_NOINLINE void gradient_rows(const T* gradient, const T* z, int64_t rows, int64_t width, NormGradient norm,
                                float factor, float* dz) {
  for (int64_t r = 0; r < rows; ++r, gradient += width, z += width, dz += width)
    for (int64_t c = 0; c < width; c += lanes)
      store(gradient_of(norm, c, hn::Mul(load_ahead(gradient + c), all(factor)), load_ahead(z + c)), dz + c);
}

template <class Source, class T>
void backward(const Source& source, const ProductBackward<T>& to, Range rows, float* memory) {
  const Workspace workspace(memory, to.k, to.n);
  const int64_t k_width = padded(to.k);
  const int64_t n_width = padded(to.n);
  over_blocks(rows, block_rows(to.k, to.n), [&](Range block) HWY_ATTR {
    const Rows<false> made = make_rows(source, block, to.k, workspace.rows);
    gradient_rows(to.gradient + block.begin * n_width, to.z + block.begin * n_width, block.size(), n_width, to.norm, 1,
                  workspace.dz);
    product(Rows<true>{made.values, made.stride}, to.k, Columns{workspace.dz, block.size(), n_width}, n_width,
            Accumulate{to.dmatrix, n_width});
    if (!to.packed_transposed) return;
    const int64_t at = block.begin * k_width;
    product(Rows<false>{workspace.dz, n_width}, block.size(), Columns{to.packed_transposed, to.n}, k_width,
            Store<T>{to.drows + at, k_width, to.residual ? to.residual + at : nullptr});
  });
}

/// rows = SiLU(u) * gate, slopes = SiLU'(u).
template <class T>
HWY_NOINLINE void activate_with_slopes(const T* z, int64_t rows, int64_t width, Norm norm, const float* gate,
                                       float* out, float* slopes) {
  for (int64_t r = 0; r < rows; ++r, z += width, out += width, slopes += width)
    for (int64_t c = 0; c < width; c += lanes) {
      const SiluWithSlope y = silu_with_slope(normalize(norm, c, load_ahead(z + c)));
      store(hn::Mul(y.value, load(gate + c)), out + c);
      store(y.slope, slopes + c);
    }
}

/// Writes t out and adds up the five sums. All pointers at the first of `rows` rows; the sums at their image's.
template <class T>
HWY_NOINLINE void sum_up(const Workspace& block, const T* z, int64_t rows, int64_t width, Norm norm, ExciteSums sums,
                         T* t_out, bool stream) {
  for (int64_t c = 0; c < width; c += lanes) {
    V t_a = load(sums.t_a + c);
    V t_d = load(sums.t_d + c);
    V t_d_x = load(sums.t_d_x + c);
    V d = load(sums.d + c);
    V d_x = load(sums.d_x + c);
    for (int64_t r = 0; r < rows; ++r) {
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
    store(t_a, sums.t_a + c);
    store(t_d, sums.t_d + c);
    store(t_d_x, sums.t_d_x + c);
    store(d, sums.d + c);
    store(d_x, sums.d_x + c);
  }
}

ExciteSums at_image(const ExciteSums& sums, int64_t offset) {
  return {sums.t_a + offset, sums.t_d + offset, sums.t_d_x + offset, sums.d + offset, sums.d_x + offset};
}

template <class T>
void backward_project(const ProjectBackward<T>& to, Range rows, float* memory) {
  const Workspace workspace(memory, to.k, to.n);
  const ActivatedRows<T>& from = to.rows;
  const int64_t k_width = padded(to.k);
  const int64_t n_width = padded(to.n);
  over_blocks(rows, block_rows(to.k, to.n), [&](Range block) HWY_ATTR {
    over_images(block, from.rows_per_image, [&](int64_t image, Range part) HWY_ATTR {
      const int64_t skipped = part.begin - block.begin;
      gradient_rows(to.gradient + part.begin * n_width, to.z + part.begin * n_width, part.size(), n_width, to.norm,
                    to.factor ? to.factor[image] : 1.F, workspace.dz + skipped * n_width);
      activate_with_slopes(from.z + part.begin * k_width, part.size(), k_width, from.norm, from.gate + image * k_width,
                           workspace.rows + skipped * k_width, workspace.slopes + skipped * k_width);
    });
    product(Rows<true>{workspace.dz, n_width}, to.n, Columns{workspace.rows, block.size(), k_width}, k_width,
            Accumulate{to.dmatrix_transposed, k_width});
    product(Rows<false>{workspace.dz, n_width}, block.size(), Columns{to.packed_transposed, to.n}, k_width,
            Store<float>{workspace.t, k_width, nullptr});
    over_images(block, from.rows_per_image, [&](int64_t image, Range part) HWY_ATTR {
      Workspace here = workspace;
      const int64_t skipped = (part.begin - block.begin) * k_width;
      here.rows += skipped;
      here.slopes += skipped;
      here.t += skipped;
      sum_up(here, from.z + part.begin * k_width, part.size(), k_width, from.norm,
             at_image(to.sums, (image - to.first_image) * k_width), to.t + part.begin * k_width, to.stream);
    });
  });
}

template <class T>
constexpr ProductKernels<T> product_kernels{packed_size,
                                            pack,
                                            workspace_size,
                                            forward<PlainRows<T>, T>,
                                            forward<ActivatedRows<T>, T>,
                                            forward<PatchRows, T>,
                                            backward<PlainRows<T>, T>,
                                            backward<PatchRows, T>,
                                            backward_project<T>};

const ProductKernels<float>* product_kernels_float32() { return &product_kernels<float>; }
const ProductKernels<bfloat16>* product_kernels_bfloat16() { return &product_kernels<bfloat16>; }

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace efficientnet::kernels {
HWY_EXPORT(product_kernels_float32);
HWY_EXPORT(product_kernels_bfloat16);
template <>
const ProductKernels<float>& chosen_product_kernels() {
  return *HWY_DYNAMIC_DISPATCH(product_kernels_float32)();
}
template <>
const ProductKernels<bfloat16>& chosen_product_kernels() {
  return *HWY_DYNAMIC_DISPATCH(product_kernels_bfloat16)();
}
}  // namespace efficientnet::kernels
#endif
