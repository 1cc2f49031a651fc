// The products alone, without LibTorch: of every instruction set, against sums in double precision.
#include <functional>
#include <utility>

#include "tests/backbones/product_reference.h"

using namespace efficientnet::kernels;
using namespace efficientnet::test;

namespace {

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

/// z = rows x matrix, its sums, in two parts.
template <class T, class Source>
void check_forward(const Packed<T>& packed, void (*forward)(const Source&, const ProductForward<T>&, Range, float*),
                   const Source& source, const Matrix& rows) {
  const Matrix expected = times(rows, packed.matrix());
  const Memory<float> panels = packed.forwards();
  const int64_t width = padded(packed.n);
  for (const bool stream : {false, true}) {
    const Memory<T> z(rows.rows * width);
    const Sums sums(packed.n);
    const Memory<float> workspace(packed.with.workspace_size(packed.k, packed.n));
    const ProductForward<T> to{panels.data(), packed.k, packed.n, z.data(), stream, sums.view()};
    const int64_t middle = rows.rows / 3;
    if (middle > 0) forward(source, to, {0, middle}, workspace.data());
    forward(source, to, {middle, rows.rows}, workspace.data());

    check_rows<T>(z, expected);
    sums.check<T>(expected, expected);
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
    return matrix_of(rows, n, [&](int64_t r, int64_t c) {
      const int64_t at = r * padded(n) + c;
      return norm.gradient_of(c, factor(r) * value_of(gradient[at]), value_of(z[at]));
    });
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

  check_rows<T>(dmatrix, times(transposed(rows), dz));
  if (!wants_drows) return;
  check_rows<T>(drows, plus(times(dz, transposed(packed.matrix())), read(residual, rows.rows, k)));
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
    return matrix_of(shape.rows(), shape.k,
                     [&](int64_t r, int64_t c) { return silu(normalized(r, c, shape.k)) * gate_of(r, c, shape.k); });
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
  check_rows<T>(t, expected_t);
  check_rows<T>(dmatrix, times(transposed(dz), made));
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
  for (size_t i = 0; i < 5; ++i) check_close<T>(read(sums[i], shape.images, k), expected[i]);
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
  for (const auto& [height, width] : {std::pair<int64_t, int64_t>{1, 1}, {9, 14}, {12, 7}}) {
    CAPTURE(height);
    CAPTURE(width);
    constexpr int64_t images = 2;
    const Memory<float> pixels = random_values(generator, images * height * width * 3);
    const PatchRows patches = patches_of(pixels, height, width);
    const Matrix rows = rows_of(patches, images);
    const Packed<T> packed(generator, with, patch_values, 40);
    check_forward<T>(packed, with.forward_patches, patches, rows);
    check_backward<T>(generator, packed, with.backward_patches, patches, rows, false);
  }
}

}  // namespace

TEST_CASE("products of every instruction set, forwards and backwards") {
  for_every_instruction_set([](const auto& kernels) {
    check_products(kernels.products);
    check_patches(kernels.products);
  });
}

TEST_CASE("every processor has an instruction set") {
  std::string names;
  for (const std::string& set : instruction_sets()) names += " " + set;
  MESSAGE("instruction sets of this processor:", names);
  CHECK(names.ends_with(" portable"));
}
