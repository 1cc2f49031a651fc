#pragma once

#include "tests/backbones/kernel_reference.h"

/// The depthwise convolution as a plain loop. Images are matrices [images * height * width, channels].
namespace efficientnet::test {

/// Calls body(output pixel, input pixel, tap) wherever the kernel's tap lies inside the image.
template <class Body>
void over_taps(const kernels::DepthwiseShape& shape, int64_t images, const Body& body) {
  const int64_t out_pixels = shape.out_height() * shape.out_width();
  const int64_t taps = shape.kernel * shape.kernel;
  for (int64_t out = 0; out < images * out_pixels; ++out)
    for (int64_t tap = 0; tap < taps; ++tap) {
      const int64_t y = out % out_pixels / shape.out_width() * shape.stride - shape.kernel / 2 + tap / shape.kernel;
      const int64_t x = out % shape.out_width() * shape.stride - shape.kernel / 2 + tap % shape.kernel;
      if (y < 0 || x < 0 || y >= shape.height || x >= shape.width) continue;
      body(out, (out / out_pixels * shape.height + y) * shape.width + x, tap);
    }
}

inline Matrix convolved(const kernels::DepthwiseShape& shape, int64_t images, const Matrix& input,
                        const Matrix& weights) {
  Matrix output(images * shape.out_height() * shape.out_width(), input.columns);
  over_taps(shape, images, [&](int64_t out, int64_t in, int64_t tap) {
    for (int64_t c = 0; c < input.columns; ++c) output.at(out, c) += input.at(in, c) * weights.at(c, tap);
  });
  return output;
}

/// Random weights [channels, taps], and packed.
template <class T>
struct DepthwiseWeights {
  int64_t channels, taps;
  Memory<float> values;
  Memory<float> packed;

  DepthwiseWeights(std::mt19937& generator, const kernels::DepthwiseKernels<T>& with, int64_t of_channels,
                   int64_t kernel)
      : channels(of_channels),
        taps(kernel * kernel),
        values(random_values(generator, channels * taps)),
        packed(kernels::padded(channels) * taps) {
    with.pack(values.data(), channels, taps, packed.data());
  }
  Matrix matrix() const {
    return matrix_of(channels, taps, [&](int64_t c, int64_t tap) { return value_of(values[c * taps + tap]); });
  }
};

}  // namespace efficientnet::test
