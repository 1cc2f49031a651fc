#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "backbones/efficientnet/kernels/instruction_set.h"
#include "tests/backbones/exact_memory.h"

/// What the tests of the kernels have in common: plain matrices in double precision, a batch-norm, SiLU, and how close
/// a kernel has to come.
namespace efficientnet::test {

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
    for (int64_t c = 0; c < columns; ++c) matrix.at(r, c) = value_of(memory[r * kernels::padded(columns) + c]);
  return matrix;
}

/// value(row, column) everywhere.
template <class Value>
Matrix matrix_of(int64_t rows, int64_t columns, const Value& value) {
  Matrix matrix(rows, columns);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) matrix.at(r, c) = value(r, c);
  return matrix;
}

inline Matrix plus(Matrix a, const Matrix& b) {
  for (size_t i = 0; i < a.values.size(); ++i) a.values[i] += b.values[i];
  return a;
}

/// Of every column, over some rows.
inline Matrix sum_of_rows(const Matrix& a, kernels::Range rows) {
  Matrix sum(1, a.columns);
  for (int64_t r = rows.begin; r < rows.end; ++r)
    for (int64_t c = 0; c < a.columns; ++c) sum.at(0, c) += a.at(r, c);
  return sum;
}

/// What a storage can tell, of all values together and of the worst one, relative to those that are not zero.
struct Bounds {
  double overall;
  double worst;
};
template <class T>
inline constexpr Bounds bounds{1e-6, 1e-5};
template <>
inline constexpr Bounds bounds<kernels::bfloat16>{1e-2, 1e-1};

template <class T>
void check_close(const Matrix& found, const Matrix& expected) {
  REQUIRE(found.values.size() == expected.values.size());
  double square_of_error = 0, square = 0, worst = 0, count = 0;
  bool is_finite = true;
  for (size_t i = 0; i < found.values.size(); ++i) {
    const double error = std::abs(found.values[i] - expected.values[i]);
    is_finite = is_finite && std::isfinite(found.values[i]);
    worst = std::max(worst, error);
    square_of_error += error * error;
    square += expected.values[i] * expected.values[i];
    count += expected.values[i] != 0;
  }
  REQUIRE(is_finite);
  REQUIRE(count > 0);
  const double size = std::sqrt(square / count);
  const double chance = 1 + 4 / std::sqrt(count);  // few values may all be unlucky ones
  CHECK(std::sqrt(square_of_error / count) <= bounds<T>.overall * chance * size);
  CHECK(worst <= bounds<T>.worst * size);
}

/// Rows that were written with their padding, which has to be zero.
template <class T, class Stored>
void check_rows(const Memory<Stored>& found, const Matrix& expected) {
  check_close<T>(read(found, expected.rows, expected.columns), expected);
  const int64_t width = kernels::padded(expected.columns);
  int64_t not_zero = 0;
  for (int64_t i = 0; i < expected.rows * width; ++i)
    if (i % width >= expected.columns && !(value_of(found[i]) == 0)) ++not_zero;
  CHECK(not_zero == 0);
}

/// The sums of v and of v * with, per channel.
struct Sums {
  Memory<double> first, second;

  explicit Sums(int64_t channels)
      : first(zeros<double>(kernels::padded(channels))), second(zeros<double>(kernels::padded(channels))) {}
  kernels::ChannelSums view() const { return {first.data(), second.data()}; }
  template <class T>
  void check(const Matrix& v, const Matrix& with) const {
    const auto product = [&](int64_t r, int64_t c) { return v.at(r, c) * with.at(r, c); };
    check_rows<T>(first, sum_of_rows(v, {0, v.rows}));
    check_rows<T>(second, sum_of_rows(matrix_of(v.rows, v.columns, product), {0, v.rows}));
  }
};

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

  kernels::Norm norm() const { return {scale.data(), shift.data(), mean.data(), inverse.data()}; }
  kernels::NormGradient gradient() const { return {of_gradient.data(), of_value.data(), constant.data()}; }
  double normalized(int64_t c, double z) const { return z * value_of(scale[c]) + value_of(shift[c]); }
  double standardized(int64_t c, double z) const { return (z - value_of(mean[c])) * value_of(inverse[c]); }
  double gradient_of(int64_t c, double g, double z) const {
    return g * value_of(of_gradient[c]) + z * value_of(of_value[c]) + value_of(constant[c]);
  }
};

inline double sigmoid(double u) { return 1 / (1 + std::exp(-u)); }
inline double silu(double u) { return u * sigmoid(u); }
inline double slope(double u) { return sigmoid(u) + silu(u) * (1 - sigmoid(u)); }

/// A subcase for each instruction set of this processor, so that -sc=avx2 runs one alone: calls check(kernels) for both
/// storages.
template <class Check>
void for_every_instruction_set(const Check& check) {
  for (const std::string& set : kernels::instruction_sets()) SUBCASE(set.c_str()) {
      const kernels::Kernels kernels = kernels::kernels_for(set);
      std::string storage = "float32";
      CAPTURE(storage);
      check(kernels.in_float32);
      storage = "bfloat16";
      check(kernels.in_bfloat16);
    }
}

}  // namespace efficientnet::test
