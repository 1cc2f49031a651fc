#pragma once

#include "tests/backbones/kernel_reference.h"

/// Products in double precision, the rows of patches, and matrices as the kernels take them.
namespace efficientnet::test {

inline Matrix times(const Matrix& a, const Matrix& b) {
  Matrix product(a.rows, b.columns);
  for (int64_t i = 0; i < a.rows; ++i)
    for (int64_t k = 0; k < a.columns; ++k)
      for (int64_t j = 0; j < b.columns; ++j) product.at(i, j) += a.at(i, k) * b.at(k, j);
  return product;
}

inline Matrix transposed(const Matrix& a) {
  return matrix_of(a.columns, a.rows, [&](int64_t r, int64_t c) { return a.at(c, r); });
}

/// A matrix [k, n] of random values, and its two packings.
template <class T>
struct Packed {
  int64_t k, n;
  Memory<float> values;
  const kernels::ProductKernels<T>& with;

  Packed(std::mt19937& generator, const kernels::ProductKernels<T>& products, int64_t rows, int64_t columns)
      : k(rows), n(columns), values(random_values(generator, rows * columns)), with(products) {}
  Matrix matrix() const {
    return matrix_of(k, n, [&](int64_t r, int64_t c) { return value_of(values[r * n + c]); });
  }
  Memory<float> forwards() const { return packed({values.data(), k, n, n, 1}); }
  Memory<float> backwards() const { return packed({values.data(), n, k, 1, n}); }

 private:
  Memory<float> packed(const kernels::MatrixView& view) const {
    Memory<float> memory(with.packed_size(view.k, view.n));
    const int64_t width = kernels::padded(view.n);
    for (int64_t begin = 0; begin < width; begin += kernels::pack_step)  // as several threads do
      with.pack(view, {begin, std::min(width, begin + kernels::pack_step)}, memory.data());
    return memory;
  }
};

inline kernels::PatchRows patches_of(const Memory<float>& pixels, int64_t height, int64_t width) {
  return {pixels.data(), height, width, (height + 1) / 2, (width + 1) / 2};
}

inline Matrix rows_of(const kernels::PatchRows& patches, int64_t images) {
  const int64_t pixels = patches.out_height * patches.out_width;
  return matrix_of(images * pixels, kernels::patch_values, [&](int64_t row, int64_t i) {
    const int64_t y = row % pixels / patches.out_width * 2 - 1 + i / 9;
    const int64_t x = row % patches.out_width * 2 - 1 + i / 3 % 3;
    if (y < 0 || x < 0 || y >= patches.height || x >= patches.width) return 0.0;
    return value_of(patches.image[((row / pixels * patches.height + y) * patches.width + x) * 3 + i % 3]);
  });
}

}  // namespace efficientnet::test
