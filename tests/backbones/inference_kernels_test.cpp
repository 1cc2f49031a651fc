// Evaluation's passes alone, without LibTorch: of every instruction set, against plain loops in double precision.
#include <functional>

#include "tests/backbones/depthwise_reference.h"
#include "tests/backbones/product_reference.h"

using namespace efficientnet::kernels;
using namespace efficientnet::test;

namespace {

/// The ways in which threads share a pass: alone, by rows, by channels.
std::vector<std::vector<InferencePart>> ways_to_share(int64_t rows, int64_t channels) {
  std::vector<std::vector<InferencePart>> ways{{{{0, rows}, {0, channels}}}};
  if (rows > 1) ways.push_back({{{rows / 2, rows}, {0, channels}}, {{0, rows / 2}, {0, channels}}});
  ways.emplace_back();
  for (int64_t begin = 0; begin < channels; begin += pack_step)
    ways.back().push_back({{0, rows}, {begin, std::min(channels, begin + pack_step)}});
  return ways;
}

Matrix activated(const Matrix& a, const Memory<float>& bias) {
  return matrix_of(a.rows, a.columns, [&](int64_t r, int64_t c) { return silu(a.at(r, c) + value_of(bias[c])); });
}

/// Columns [begin, end), as far as there are any.
Matrix columns_of(const Matrix& a, Range columns) {
  const int64_t end = std::min(columns.end, a.columns);
  return matrix_of(a.rows, end - columns.begin, [&](int64_t r, int64_t c) { return a.at(r, columns.begin + c); });
}

template <class Stored>
Matrix read(const Memory<Stored>& row, Range columns, int64_t of_columns) {
  return columns_of(read(row, 1, of_columns), columns);
}

/// A 1x1 convolution with its bias.
template <class T>
struct RandomProduct {
  Packed<T> matrix;
  Memory<float> panels;
  Memory<float> bias;

  RandomProduct(std::mt19937& generator, const ProductKernels<T>& with, int64_t k, int64_t n)
      : matrix(generator, with, k, n), panels(matrix.forwards()), bias(random_rows<float>(generator, 1, n)) {}
  FoldedProduct view() const { return {panels.data(), bias.data(), matrix.k, matrix.n}; }
  Matrix of(const Matrix& rows) const { return times(rows, matrix.matrix()); }
};

// ---- convolutions ---------------------------------------------------------------------------------------------------

template <class T, class Source>
void check_convolve(std::mt19937& generator, const KernelsOf<T>& with,
                    void (*convolve)(const Source&, const ExpandAndConvolve<T>&, const InferencePart&, float*),
                    const Source& source, const FoldedProduct& expand, const DepthwiseShape& shape,
                    const Matrix& input) {
  const DepthwiseWeights<T> weights(generator, with.depthwise, input.columns, shape.kernel);
  const Memory<float> bias = random_rows<float>(generator, 1, input.columns);
  const Matrix expected = activated(convolved(shape, 1, input, weights.matrix()), bias);
  for (const auto& parts : ways_to_share(shape.out_height(), shape.channels)) {
    const Memory<T> a(expected.rows * shape.channels);
    for (const InferencePart& part : parts) {
      const Memory<float> sums(shape.channels);
      const Memory<float> workspace(with.inference.convolve_workspace(shape, expand.k));
      convolve(source, {shape, expand, weights.packed.data(), bias.data(), a.data(), sums.data()}, part,
               workspace.data());
      const Range pixels{part.rows.begin * shape.out_width(), part.rows.end * shape.out_width()};
      check_close<T>(read(sums, part.channels, input.columns),
                     columns_of(sum_of_rows(expected, pixels), part.channels));
    }
    check_rows<T>(a, expected);
  }
}

struct Size {
  int64_t height, width;
};

template <class T>
void check_convolutions(const KernelsOf<T>& with, int64_t channels, const DepthwiseShape& shape) {
  std::mt19937 generator(6);
  const int64_t pixels = shape.height * shape.width;
  const Memory<T> wide = random_rows<T>(generator, pixels, channels);
  check_convolve<T>(generator, with, with.inference.convolve, PlainRows<T>{wide.data()}, FoldedProduct{}, shape,
                    read(wide, pixels, channels));

  constexpr int64_t k = 24;
  const Memory<T> narrow = random_rows<T>(generator, pixels, k);
  const RandomProduct<T> expand(generator, with.products, k, channels);
  check_convolve<T>(generator, with, with.inference.expand_and_convolve, PlainRows<T>{narrow.data()}, expand.view(),
                    shape, activated(expand.of(read(narrow, pixels, k)), expand.bias));

  const int64_t height = 2 * shape.height - 1, width = 2 * shape.width;  // an odd and an even one
  const Memory<float> image = random_values(generator, height * width * 3);
  const PatchRows patches = patches_of(image, height, width);
  const RandomProduct<T> stem(generator, with.products, patch_values, channels);
  check_convolve<T>(generator, with, with.inference.stem_and_convolve, patches, stem.view(), shape,
                    activated(stem.of(rows_of(patches, 1)), stem.bias));
}

// ---- squeeze-excite -------------------------------------------------------------------------------------------------

template <class T>
void check_excite(const InferenceKernels<T>& with, int64_t channels, int64_t squeezed, int64_t parts) {
  std::mt19937 generator(7);
  constexpr int64_t pixels = 6;
  const int64_t width = padded(channels);
  const Memory<float> sums = random_rows<float>(generator, parts, channels);
  const Memory<float> reduce = random_rows<float>(generator, squeezed, channels);
  const Memory<float> reduce_bias = random_values(generator, squeezed);
  const Memory<float> expand = random_rows<float>(generator, squeezed, channels);
  const Memory<float> expand_bias = random_rows<float>(generator, 1, channels);
  const Memory<float> gate(width);
  const Memory<float> workspace(with.excite_workspace(width, squeezed));
  with.excite({sums.data(), parts, pixels, width, squeezed, reduce.data(), reduce_bias.data(), expand.data(),
               expand_bias.data(), gate.data()},
              workspace.data());

  const Matrix total = sum_of_rows(read(sums, parts, channels), {0, parts});
  const Matrix reduced = times(total, transposed(read(reduce, squeezed, channels)));
  const Matrix hidden = matrix_of(
      1, squeezed, [&](int64_t, int64_t q) { return silu(reduced.at(0, q) / pixels + value_of(reduce_bias[q])); });
  const Matrix excited = plus(times(hidden, read(expand, squeezed, channels)), read(expand_bias, 1, channels));
  check_close<float>(read(gate, 1, channels),
                     matrix_of(1, channels, [&](int64_t, int64_t c) { return sigmoid(excited.at(0, c)); }));
}

// ---- products -------------------------------------------------------------------------------------------------------

template <class T>
void check_project(const KernelsOf<T>& with, int64_t rows, int64_t k, int64_t n) {
  std::mt19937 generator(8);
  const Memory<T> a = random_rows<T>(generator, rows, k);
  const Memory<float> gate = random_rows<float>(generator, 1, k);
  const Memory<T> residual = random_rows<T>(generator, rows, n);
  const RandomProduct<T> product(generator, with.products, k, n);
  const Matrix gated =
      matrix_of(rows, k, [&](int64_t r, int64_t c) { return value_of(a[r * padded(k) + c]) * value_of(gate[c]); });
  const Matrix projected = product.of(gated);
  const Matrix biased =
      matrix_of(rows, n, [&](int64_t r, int64_t c) { return projected.at(r, c) + value_of(product.bias[c]); });
  for (const bool has_residual : {false, true})
    for (const auto& parts : ways_to_share(rows, padded(n))) {
      const Memory<T> y(rows * padded(n));
      for (const InferencePart& part : parts) {
        const Memory<float> workspace(with.inference.product_workspace(k));
        with.inference.project(
            {{a.data(), gate.data()}, product.view(), has_residual ? residual.data() : nullptr, y.data()}, part,
            workspace.data());
      }
      check_rows<T>(y, has_residual ? plus(biased, read(residual, rows, n)) : biased);
    }
}

template <class T>
void check_last(const KernelsOf<T>& with, int64_t rows, int64_t k, int64_t n) {
  std::mt19937 generator(9);
  const Memory<T> x = random_rows<T>(generator, rows, k);
  const RandomProduct<T> product(generator, with.products, k, n);
  const Matrix expected = activated(product.of(read(x, rows, k)), product.bias);
  const Matrix sum = sum_of_rows(expected, {0, rows});
  for (const auto& parts : ways_to_share(rows, n)) {
    if (parts.front().rows.size() < rows) continue;
    const Memory<float> map(rows * n), pooled(n);
    for (const InferencePart& part : parts) {
      const Memory<float> workspace(with.inference.product_workspace(k));
      with.inference.last({{x.data()}, product.view(), map.data(), pooled.data()}, part, workspace.data());
    }
    check_rows<T>(map, expected);
    check_rows<T>(pooled,
                  matrix_of(1, n, [&](int64_t, int64_t c) { return sum.at(0, c) / static_cast<double>(rows); }));
  }
}

}  // namespace

TEST_CASE("evaluation's convolutions of every instruction set") {
  for_every_instruction_set([](const auto& kernels) {
    for (const Size& size : {Size{1, 1}, {5, 7}, {9, 4}, {6, 57}})
      for (const int64_t channels : {8, 16, 40})
        for (const int64_t kernel : {3, 5})
          for (const int64_t stride : {1, 2}) {
            CAPTURE(size.height);
            CAPTURE(size.width);
            CAPTURE(channels);
            CAPTURE(kernel);
            CAPTURE(stride);
            check_convolutions(kernels, channels, {padded(channels), kernel, stride, size.height, size.width});
          }
  });
}

TEST_CASE("evaluation's squeeze-excite of every instruction set") {
  for_every_instruction_set([](const auto& kernels) {
    for (const int64_t channels : {8, 16, 40, 96})
      for (const int64_t squeezed : {1, 4, 10, 17})
        for (const int64_t parts : {1, 3}) {
          CAPTURE(channels);
          CAPTURE(squeezed);
          CAPTURE(parts);
          check_excite(kernels.inference, channels, squeezed, parts);
        }
  });
}

TEST_CASE("evaluation's products of every instruction set") {
  for_every_instruction_set([](const auto& kernels) {
    for (const int64_t rows : {1, 7, 33, 130})
      for (const int64_t k : {8, 16, 40, 144}) {
        CAPTURE(rows);
        CAPTURE(k);
        for (const int64_t n : {8, 24, 40, 112}) {
          CAPTURE(n);
          check_project(kernels, rows, k, n);
        }
        for (const int64_t n : {16, 48, 96}) {
          CAPTURE(n);
          check_last(kernels, rows, k, n);
        }
      }
  });
}
