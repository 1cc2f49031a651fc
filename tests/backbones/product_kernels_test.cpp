// The products alone, without LibTorch: of every instruction set, against sums in double precision.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <string>
#include <utility>

#include "backbones/efficientnet/kernels/instruction_set.h"
#include "tests/backbones/exact_memory.h"

using namespace efficientnet::kernels;
using namespace efficientnet::test;

namespace {

using Values = std::vector<double>;

/// Rows and columns without their padding.
struct Matrix {
  int64_t rows;
  int64_t columns;
  Values values;

  Matrix(int64_t height, int64_t width) : rows(height), columns(width), values(static_cast<size_t>(height * width)) {}
  double& at(int64_t row, int64_t column) { return values[static_cast<size_t>(row * columns + column)]; }
  double at(int64_t row, int64_t column) const { return values[static_cast<size_t>(row * columns + column)]; }
};

template <class T>
Matrix read(const Memory<T>& memory, int64_t rows, int64_t columns) {
  Matrix matrix(rows, columns);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) matrix.at(r, c) = value_of(memory[r * padded(columns) + c]);
  return matrix;
}

Matrix times(const Matrix& a, const Matrix& b) {
  Matrix product(a.rows, b.columns);
  for (int64_t i = 0; i < a.rows; ++i)
    for (int64_t k = 0; k < a.columns; ++k)
      for (int64_t j = 0; j < b.columns; ++j) product.at(i, j) += a.at(i, k) * b.at(k, j);
  return product;
}

Matrix transposed(const Matrix& a) {
  Matrix turned(a.columns, a.rows);
  for (int64_t i = 0; i < a.rows; ++i)
    for (int64_t j = 0; j < a.columns; ++j) turned.at(j, i) = a.at(i, j);
  return turned;
}

/// What a storage can tell, of all values together and of the worst one.
struct Bounds {
  double overall;
  double worst;
};
template <class T>
constexpr Bounds bounds{1e-6, 1e-5};
template <>
constexpr Bounds bounds<bfloat16>{1e-2, 1e-1};

template <class T>
void check_close(const Values& found, const Values& expected) {
  REQUIRE(found.size() == expected.size());
  double square_of_error = 0, square = 0, worst = 0;
  for (size_t i = 0; i < found.size(); ++i) {
    const double error = std::abs(found[i] - expected[i]);
    REQUIRE(std::isfinite(found[i]));
    worst = std::max(worst, error);
    square_of_error += error * error;
    square += expected[i] * expected[i];
  }
  const double size = std::sqrt(square / static_cast<double>(found.size()));
  CHECK(std::sqrt(square_of_error / static_cast<double>(found.size())) <= bounds<T>.overall * size);
  CHECK(worst <= bounds<T>.worst * size);
}

Values read(const Memory<double>& memory, int64_t count) { return {memory.data(), memory.data() + count}; }

struct Case {
  int64_t k;
  int64_t n;
  int64_t images;
  int64_t rows_per_image;
  int64_t rows() const { return images * rows_per_image; }
};
// Of B0 to B7: few and many channels, with and without padding; rows that fill no tile, one, many.
const std::vector<Case> cases{{16, 96, 1, 1},   {24, 144, 2, 7},  {40, 16, 1, 33},  {3, 5, 1, 2},   {8, 200, 3, 15},
                              {112, 40, 2, 65}, {17, 31, 1, 130}, {320, 64, 1, 96}, {72, 24, 1, 49}};

/// A batch-norm and its way back, with values of their own per channel.
struct RandomNorm {
  Memory<float> scale, shift, mean, inverse, of_gradient, of_value, constant;

  RandomNorm(std::mt19937& generator, int64_t channels)
      : scale(random_rows<float>(generator, 1, channels)),
        shift(random_rows<float>(generator, 1, channels)),
        mean(random_rows<float>(generator, 1, channels)),
        inverse(random_rows<float>(generator, 1, channels, 2)),
        of_gradient(random_rows<float>(generator, 1, channels)),
        of_value(random_rows<float>(generator, 1, channels)),
        constant(random_rows<float>(generator, 1, channels)) {}

  Norm norm() const { return {scale.data(), shift.data(), mean.data(), inverse.data()}; }
  NormGradient gradient() const { return {of_gradient.data(), of_value.data(), constant.data()}; }
  double normalized(int64_t c, double z) const { return z * value_of(scale[c]) + value_of(shift[c]); }
  double standardized(int64_t c, double z) const { return (z - value_of(mean[c])) * value_of(inverse[c]); }
  double gradient_of(int64_t c, double g, double z) const {
    return g * value_of(of_gradient[c]) + z * value_of(of_value[c]) + value_of(constant[c]);
  }
};

double sigmoid(double u) { return 1 / (1 + std::exp(-u)); }
double silu(double u) { return u * sigmoid(u); }
double slope(double u) { return sigmoid(u) + silu(u) * (1 - sigmoid(u)); }

/// A matrix [k, n] of random values, and its two packings.
template <class T>
struct Packed {
  int64_t k, n;
  Memory<float> values;
  const ProductKernels<T>& with;

  Packed(std::mt19937& generator, const ProductKernels<T>& kernels, int64_t rows, int64_t columns)
      : k(rows), n(columns), values(rows * columns), with(kernels) {
    std::normal_distribution<float> normal;
    for (int64_t i = 0; i < k * n; ++i) values[i] = normal(generator);
  }
  Matrix matrix() const {
    Matrix result(k, n);
    for (size_t i = 0; i < result.values.size(); ++i) result.values[i] = value_of(values[static_cast<int64_t>(i)]);
    return result;
  }
  Memory<float> forwards() const { return packed({values.data(), k, n, n, 1}); }
  Memory<float> backwards() const { return packed({values.data(), n, k, 1, n}); }

 private:
  Memory<float> packed(const MatrixView& view) const {
    Memory<float> memory(with.packed_size(view.k, view.n));
    for (int64_t begin = 0; begin < padded(view.n); begin += pack_step)  // as several threads do
      with.pack(view, {begin, std::min(padded(view.n), begin + pack_step)}, memory.data());
    return memory;
  }
};

/// z = rows x matrix, its sums, in two parts.
template <class T, class Source>
void check_forward(const Packed<T>& packed, void (*forward)(const Source&, const ProductForward<T>&, Range, float*),
                   const Source& source, const Matrix& rows) {
  const Matrix expected = times(rows, packed.matrix());
  const Memory<float> panels = packed.forwards();
  const int64_t width = padded(packed.n);
  for (const bool stream : {false, true}) {
    const Memory<T> z(rows.rows * width);
    const auto first = zeros<double>(width), second = zeros<double>(width);
    const Memory<float> workspace(packed.with.workspace_size(packed.k, packed.n));
    const ProductForward<T> to{panels.data(), packed.k, packed.n, z.data(), stream, {first.data(), second.data()}};
    const int64_t middle = rows.rows / 3;
    if (middle > 0) forward(source, to, {0, middle}, workspace.data());
    forward(source, to, {middle, rows.rows}, workspace.data());

    check_close<T>(read(z, rows.rows, packed.n).values, expected.values);
    for (int64_t r = 0; r < rows.rows; ++r)
      for (int64_t c = packed.n; c < width; ++c) REQUIRE(value_of(z[r * width + c]) == 0);
    Values sums(static_cast<size_t>(packed.n)), squares(static_cast<size_t>(packed.n));
    for (int64_t r = 0; r < rows.rows; ++r)
      for (int64_t c = 0; c < packed.n; ++c) {
        sums[static_cast<size_t>(c)] += expected.at(r, c);
        squares[static_cast<size_t>(c)] += expected.at(r, c) * expected.at(r, c);
      }
    check_close<T>(read(first, packed.n), sums);
    check_close<T>(read(second, packed.n), squares);
  }
}

/// The gradient of a product's output, and the product's output, with the norm between them.
template <class T>
struct Output {
  Memory<T> gradient, z;
  RandomNorm norm;

  Output(std::mt19937& generator, int64_t rows, int64_t n)
      : gradient(random_rows<T>(generator, rows, n)), z(random_rows<T>(generator, rows, n)), norm(generator, n) {}

  Matrix dz(int64_t rows, int64_t n, const std::function<double(int64_t)>& factor) const {
    Matrix result(rows, n);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = 0; c < n; ++c) {
        const int64_t at = r * padded(n) + c;
        result.at(r, c) = norm.gradient_of(c, factor(r) * value_of(gradient[at]), value_of(z[at]));
      }
    return result;
  }
};

template <class T, class Source>
void check_backward(std::mt19937& generator, const Packed<T>& packed,
                    void (*backward)(const Source&, const ProductBackward<T>&, Range, float*), const Source& source,
                    const Matrix& rows, bool wants_drows) {
  const int64_t k = packed.k, n = packed.n;
  const Output<T> output(generator, rows.rows, n);
  const Matrix dz = output.dz(rows.rows, n, [](int64_t) { return 1.0; });
  const Memory<float> panels = packed.backwards();
  const Memory<T> residual = random_rows<T>(generator, rows.rows, k);
  const Memory<T> drows(rows.rows * padded(k));
  const auto dmatrix = zeros<float>(padded(k) * padded(n));
  const Memory<float> workspace(packed.with.workspace_size(k, n));
  ProductBackward<T> to{};
  to.gradient = output.gradient.data();
  to.z = output.z.data();
  to.norm = output.norm.gradient();
  to.k = k;
  to.n = n;
  to.dmatrix = dmatrix.data();
  if (wants_drows) {
    to.packed_transposed = panels.data();
    to.drows = drows.data();
    to.residual = residual.data();
  }
  const int64_t middle = rows.rows / 2;
  if (middle > 0) backward(source, to, {0, middle}, workspace.data());
  backward(source, to, {middle, rows.rows}, workspace.data());

  Matrix gradients = read(dmatrix, k, n);
  check_close<T>(gradients.values, times(transposed(rows), dz).values);
  if (!wants_drows) return;
  Matrix expected = times(dz, transposed(packed.matrix()));
  const Matrix added = read(residual, rows.rows, k);
  for (size_t i = 0; i < expected.values.size(); ++i) expected.values[i] += added.values[i];
  check_close<T>(read(drows, rows.rows, k).values, expected.values);
}

/// Activated rows as the kernels make them, and what they are made of.
template <class T>
struct Activated {
  Memory<T> z;
  RandomNorm norm;
  Memory<float> gate;
  ActivatedRows<T> view;

  Activated(std::mt19937& generator, const Case& shape)
      : z(random_rows<T>(generator, shape.rows(), shape.k)),
        norm(generator, shape.k),
        gate(random_rows<float>(generator, shape.images, shape.k)),
        view{z.data(), norm.norm(), gate.data(), shape.rows_per_image} {}

  double normalized(int64_t row, int64_t c, int64_t k) const {
    return norm.normalized(c, value_of(z[row * padded(k) + c]));
  }
  double gate_of(int64_t row, int64_t c, int64_t k) const {
    return value_of(gate[row / view.rows_per_image * padded(k) + c]);
  }
  Matrix rows(const Case& shape) const {
    Matrix made(shape.rows(), shape.k);
    for (int64_t r = 0; r < made.rows; ++r)
      for (int64_t c = 0; c < shape.k; ++c) made.at(r, c) = silu(normalized(r, c, shape.k)) * gate_of(r, c, shape.k);
    return made;
  }
};

template <class T>
void check_backward_project(std::mt19937& generator, const Packed<T>& packed, const Activated<T>& activated,
                            const Case& shape) {
  const int64_t k = shape.k, n = shape.n, rows = shape.rows();
  const Output<T> output(generator, rows, n);
  const Memory<float> factor = random_rows<float>(generator, 1, shape.images, 1);
  const Matrix dz = output.dz(rows, n, [&](int64_t row) { return value_of(factor[row / shape.rows_per_image]); });
  const Memory<float> panels = packed.backwards();
  const Memory<T> t(rows * padded(k));
  const auto dmatrix = zeros<float>(padded(n) * padded(k));
  std::vector<Memory<float>> sums;
  for (int i = 0; i < 5; ++i) sums.push_back(zeros<float>(shape.images * padded(k)));
  const Memory<float> workspace(packed.with.workspace_size(k, n));
  const ProjectBackward<T> to{activated.view,
                              output.gradient.data(),
                              output.z.data(),
                              output.norm.gradient(),
                              factor.data(),
                              k,
                              n,
                              dmatrix.data(),
                              panels.data(),
                              t.data(),
                              true,
                              {sums[0].data(), sums[1].data(), sums[2].data(), sums[3].data(), sums[4].data()},
                              0};
  const int64_t middle = rows / 2;
  if (middle > 0) packed.with.backward_project(to, {0, middle}, workspace.data());
  packed.with.backward_project(to, {middle, rows}, workspace.data());

  const Matrix made = activated.rows(shape);
  const Matrix expected_t = times(dz, transposed(packed.matrix()));
  check_close<T>(read(t, rows, k).values, expected_t.values);
  check_close<T>(read(dmatrix, n, k).values, times(transposed(dz), made).values);
  std::vector<Matrix> expected(5, Matrix(shape.images, k));
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < k; ++c) {
      const int64_t image = r / shape.rows_per_image;
      const double d = slope(activated.normalized(r, c, k));
      const double x = activated.norm.standardized(c, value_of(activated.z[r * padded(k) + c]));
      const double here = expected_t.at(r, c);
      expected[0].at(image, c) += here * made.at(r, c);
      expected[1].at(image, c) += here * d;
      expected[2].at(image, c) += here * d * x;
      expected[3].at(image, c) += d;
      expected[4].at(image, c) += d * x;
    }
  for (size_t i = 0; i < 5; ++i) check_close<T>(read(sums[i], shape.images, k).values, expected[i].values);
}

template <class T>
void check_products(const ProductKernels<T>& with) {
  std::mt19937 generator(1);
  for (const Case& shape : cases) {
    CAPTURE(shape.k);
    CAPTURE(shape.n);
    CAPTURE(shape.rows());
    const Packed<T> packed(generator, with, shape.k, shape.n);
    const Memory<T> x = random_rows<T>(generator, shape.rows(), shape.k);
    const PlainRows<T> plain{x.data()};
    const Matrix rows = read(x, shape.rows(), shape.k);
    check_forward<T>(packed, with.forward_plain, plain, rows);
    check_backward<T>(generator, packed, with.backward_plain, plain, rows, true);
    const Activated<T> activated(generator, shape);
    check_forward<T>(packed, with.forward_activated, activated.view, activated.rows(shape));
    check_backward_project<T>(generator, packed, activated, shape);
  }
}

template <class T>
void check_patches(const ProductKernels<T>& with) {
  std::mt19937 generator(2);
  std::normal_distribution<float> normal;
  for (const auto& [height, width] : {std::pair<int64_t, int64_t>{1, 1}, {9, 14}, {12, 7}}) {
    CAPTURE(height);
    CAPTURE(width);
    constexpr int64_t images = 2;
    const Memory<float> pixels(images * height * width * 3);
    for (int64_t i = 0; i < pixels.size(); ++i) pixels[i] = normal(generator);
    const PatchRows patches{pixels.data(), height, width, (height + 1) / 2, (width + 1) / 2};
    Matrix rows(images * patches.out_height * patches.out_width, patch_values);
    for (int64_t r = 0; r < rows.rows; ++r)
      for (int64_t i = 0; i < patch_values; ++i) {
        const int64_t image = r / (patches.out_height * patches.out_width);
        const int64_t y = r / patches.out_width % patches.out_height * 2 - 1 + i / 9;
        const int64_t x = r % patches.out_width * 2 - 1 + i / 3 % 3;
        if (y < 0 || x < 0 || y >= height || x >= width) continue;
        rows.at(r, i) = value_of(pixels[((image * height + y) * width + x) * 3 + i % 3]);
      }
    const Packed<T> packed(generator, with, patch_values, 40);
    check_forward<T>(packed, with.forward_patches, patches, rows);
    check_backward<T>(generator, packed, with.backward_patches, patches, rows, false);
  }
}

}  // namespace

TEST_CASE("products of every instruction set, forwards and backwards") {
  for (const std::string& set : instruction_sets()) {
    CAPTURE(set);
    const Kernels kernels = kernels_for(set);
    SUBCASE("float32") {
      check_products(kernels.in_float32.products);
      check_patches(kernels.in_float32.products);
    }
    SUBCASE("bfloat16") {
      check_products(kernels.in_bfloat16.products);
      check_patches(kernels.in_bfloat16.products);
    }
  }
  MESSAGE("instruction sets of this processor: ", [] {
    std::string names;
    for (const std::string& set : instruction_sets()) names += set + " ";
    return names;
  }());
}
