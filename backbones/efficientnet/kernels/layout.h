#pragma once

#include <cstdint>

/// The arithmetic of a training step, for one processor core and without LibTorch: pointers, sizes, plain functions.
/// Who calls them splits the rows or images among threads and gives each thread its own sums.
///
/// Every activation is stored as rows of channels (channels-last), of type T: float or bfloat16. A row's channels are
/// padded with zeros to a multiple of `channel_block`: no kernel knows of remainders, and every row begins on a 64-byte
/// boundary.
namespace efficientnet::kernels {

/// How a value is stored to take half the memory: the upper half of a float32. It is computed with in float32.
struct bfloat16 {
  uint16_t bits;
};

inline constexpr int64_t channel_block = 16;
constexpr int64_t padded(int64_t channels) { return (channels + channel_block - 1) / channel_block * channel_block; }

/// Half-open.
struct Range {
  int64_t begin;
  int64_t end;
  int64_t size() const { return end - begin; }
};

/// A batch-norm's values per channel, [padded channels] each: norm(z) = z * scale + shift, x^ = (z - mean) *
/// inverse_deviation. All null: no batch-norm there.
struct Norm {
  const float* scale;
  const float* shift;
  const float* mean;
  const float* inverse_deviation;
};

/// Batch-norm backwards, [padded channels] each: dz = gradient * of_gradient + z * of_value + constant. With M values
/// per channel and g the gradient of the normalized values,
///   dz = gamma / deviation * (g - sum(g) / M - x^ * sum(g * x^) / M)   (Ioffe and Szegedy, ICML 2015),
/// which is linear in g and z. With frozen statistics only the first term is there.
struct NormGradient {
  const float* of_gradient;
  const float* of_value;
  const float* constant;
};

/// Sums over the rows, [padded channels] each, added to: of a value v, and of v^2 or v * x^.
struct ChannelSums {
  double* first;
  double* second;
};

}  // namespace efficientnet::kernels
