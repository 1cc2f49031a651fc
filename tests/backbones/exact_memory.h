#pragma once

#include <cstring>
#include <memory>
#include <new>
#include <random>
#include <vector>

#include "backbones/efficientnet/kernels/layout.h"

/// Memory for tests of the kernels: not a byte more than asked for, so that a sanitizer or valgrind sees each step
/// beside it, and not a number until written.
namespace efficientnet::test {

template <class T>
class Memory {
 public:
  explicit Memory(int64_t count)
      : count_(count), values_(static_cast<T*>(::operator new(static_cast<size_t>(count) * sizeof(T), boundary))) {
    std::memset(static_cast<void*>(data()), 0xff, static_cast<size_t>(count) * sizeof(T));
  }

  T* data() const { return values_.get(); }
  int64_t size() const { return count_; }
  T& operator[](int64_t i) const { return values_.get()[i]; }

 private:
  static constexpr std::align_val_t boundary{64};
  struct Release {
    void operator()(T* values) const { ::operator delete(values, boundary); }
  };

  int64_t count_;
  std::unique_ptr<T, Release> values_;
};

template <class T>
T stored_as(float value);
template <>
inline float stored_as(float value) {
  return value;
}
/// To the nearest, ties to even.
template <>
inline kernels::bfloat16 stored_as(float value) {
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  return {static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16)};
}

inline double value_of(double stored) { return stored; }
inline double value_of(float stored) { return static_cast<double>(stored); }
inline double value_of(kernels::bfloat16 stored) {
  const uint32_t bits = static_cast<uint32_t>(stored.bits) << 16;
  float value;
  std::memcpy(&value, &bits, sizeof value);
  return static_cast<double>(value);
}

/// Rows of normally distributed values, padded with zeros.
template <class T>
Memory<T> random_rows(std::mt19937& generator, int64_t rows, int64_t columns, float mean = 0) {
  std::normal_distribution<float> normal(mean, 1);
  const int64_t width = kernels::padded(columns);
  Memory<T> memory(rows * width);
  for (int64_t i = 0; i < memory.size(); ++i) memory[i] = stored_as<T>(i % width < columns ? normal(generator) : 0.F);
  return memory;
}

inline Memory<float> random_values(std::mt19937& generator, int64_t count) {
  std::normal_distribution<float> normal;
  Memory<float> memory(count);
  for (int64_t i = 0; i < count; ++i) memory[i] = normal(generator);
  return memory;
}

template <class T>
Memory<T> zeros(int64_t count) {
  Memory<T> memory(count);
  for (int64_t i = 0; i < count; ++i) memory[i] = T{};
  return memory;
}

}  // namespace efficientnet::test
