// The way back through the depthwise convolution: one loop over the rows for data and weights.
#if defined(EFFICIENTNET_KERNELS_DEPTHWISE_BACKWARD_INL) == \
    defined(HWY_TARGET_TOGGLE)  // once per instruction set: Highway's include guard
#ifdef EFFICIENTNET_KERNELS_DEPTHWISE_BACKWARD_INL
#undef EFFICIENTNET_KERNELS_DEPTHWISE_BACKWARD_INL
#else
#define EFFICIENTNET_KERNELS_DEPTHWISE_BACKWARD_INL
#endif

#include <algorithm>
#include <cstring>

#include "backbones/efficientnet/kernels/depthwise-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

RowLayout gradient_layout(const DepthwiseShape& shape) { return {shape.channels, shape.out_width(), shape.kernel / 2}; }

struct BackwardRows {
  Ring dz2;       // the last rows of the gradient of the convolution's output
  Ring input;     // one row: what went into the convolution
  float* slopes;  // one row, ordered like `input`: SiLU' there
  float* sums;    // [2, channels]

  BackwardRows(float* memory, const DepthwiseShape& shape)
      : dz2(memory, gradient_layout(shape), shape.kernel),
        input(memory + Ring::size(gradient_layout(shape), shape.kernel), input_layout(shape), 1),
        slopes(memory + Ring::size(gradient_layout(shape), shape.kernel) + input_layout(shape).size()),
        sums(slopes + input_layout(shape).size()) {
    std::memset(sums, 0, static_cast<size_t>(2 * shape.channels) * sizeof(float));
  }
  static int64_t size(const DepthwiseShape& shape) {
    return Ring::size(gradient_layout(shape), shape.kernel) + 2 * input_layout(shape).size() + 2 * shape.channels;
  }
};

template <class T>
HWY_NOINLINE void gradient_row(const T* t, const T* z2, int64_t width, int64_t channels, Norm norm,
                               NormGradient norm_gradient, const float* gate, const float* dpool, int64_t block,
                               float* pixels) {
  fill_row(width, channels, block, pixels, [=](int64_t x, int64_t c) HWY_ATTR {
    const V z = load_ahead(z2 + x * channels + c);
    const V g = hn::MulAdd(load_ahead(t + x * channels + c), load(gate + c), load(dpool + c));
    return gradient_of(norm_gradient, c, hn::Mul(g, silu_with_slope<T>(normalize(norm, c, z)).slope), z);
  });
}

template <class T>
HWY_NOINLINE void activate_row_with_slopes(const T* z, int64_t width, int64_t channels, Norm norm, int64_t block,
                                           float* pixels, float* slopes) {
  const std::ptrdiff_t to_slopes = slopes - pixels;
  for (int64_t x = 0; x < width; ++x) {
    float* out = pixels + x * lanes;
    for (int64_t c = 0; c < channels; c += lanes, out += block) {
      const SiluWithSlope y = silu_with_slope<T>(normalize(norm, c, load_ahead(z + x * channels + c)));
      store(y.value, out);
      store(y.slope, out + to_slopes);
    }
  }
}

/// For the input row y: the kernel row that meets gradient row `row`, or none.
struct MetRow {
  int64_t ky;
  int64_t row;
};
int rows_met(const DepthwiseShape& shape, int64_t y, MetRow* met) {
  int count = 0;
  for (int64_t ky = 0; ky < shape.kernel; ++ky) {
    const int64_t scaled = y + shape.kernel / 2 - ky;
    if (scaled < 0 || scaled % shape.stride != 0 || scaled / shape.stride >= shape.out_height()) continue;
    met[count++] = {ky, scaled / shape.stride};
  }
  return count;
}

/// The taps that give the gradient of input pixels phase, phase + stride, ...: pixel x = stride * i + phase meets
/// gradient pixel i + (phase + reach - kx) / stride, wherever that is whole.
Taps taps_backward(const DepthwiseShape& shape, const Ring& dz2, const MetRow* met, int rows, int64_t phase,
                   const float* weights) {
  const int64_t kernel = shape.kernel;
  Taps taps;
  for (const MetRow* row = met; row != met + rows; ++row)
    for (int64_t kx = 0; kx < kernel; ++kx) {
      const int64_t shift = phase + kernel / 2 - kx;
      if (shift % shape.stride != 0) continue;
      taps.add(dz2.pixels(row->row) + shift / shape.stride * lanes, weights + (row->ky * kernel + kx) * lanes);
    }
  return taps;
}

/// g1 = gradient of the activated input * slope, with its sums.
template <class T>
struct StoreThroughActivation {
  const float* slopes;  // [pixels][lanes]
  const T* z1;
  T* g1;
  int64_t stride;
  int64_t step;  // of the pixels
  bool stream;
  V mean;
  V inverse_deviation;
  V first = zero();
  V second = zero();

  HWY_INLINE void operator()(int64_t i, V value) {
    const int64_t x = i * step;
    const V g = hn::Mul(value, load(slopes + x * lanes));
    store(g, g1 + x * stride, stream);
    first = hn::Add(first, g);
    second = hn::MulAdd(g, hn::Mul(hn::Sub(load(z1 + x * stride), mean), inverse_deviation), second);
  }
};

template <class T>
struct StoreWithResidual {
  const T* residual;  // or null
  T* g1;
  int64_t stride;
  int64_t step;

  HWY_INLINE void operator()(int64_t i, V value) {
    const int64_t at = i * step * stride;
    store(residual ? hn::Add(value, load(residual + at)) : value, g1 + at);
  }
};

/// One input row of an image: where it lies in z1, g1 and the residual.
template <class T>
struct InputRow {
  const T* z1;
  T* g1;
  const T* residual;
};

template <class T>
HWY_NOINLINE void input_gradient(const DepthwiseBackward<T>& to, const BackwardRows& rows, const MetRow* met, int count,
                                 const InputRow<T>& row) {
  const DepthwiseShape& shape = to.shape;
  const int64_t channels = shape.channels;
  Taps taps_of_phase[2];
  for (int64_t phase = 0; phase < shape.stride; ++phase)
    taps_of_phase[phase] = taps_backward(shape, rows.dz2, met, count, phase, to.weights);
  for (int64_t c = 0; c < channels; c += lanes) {
    const int64_t block = c / lanes;
    V first = zero();
    V second = zero();
    for (int64_t phase = 0; phase < shape.stride; ++phase) {
      Taps& taps = taps_of_phase[phase];
      const int64_t width = (shape.width - phase + shape.stride - 1) / shape.stride;
      const int64_t at = phase * channels + c;
      if (to.norm1.scale) {
        const float* slopes = rows.slopes + rows.input.block() * block + (shape.kernel / 2 + phase) * lanes;
        StoreThroughActivation<T> finish{slopes,
                                         row.z1 + at,
                                         row.g1 + at,
                                         channels,
                                         shape.stride,
                                         to.stream,
                                         load(to.norm1.mean + c),
                                         load(to.norm1.inverse_deviation + c)};
        convolve_row<1>(taps, width, finish);
        first = hn::Add(first, finish.first);
        second = hn::Add(second, finish.second);
      } else {
        StoreWithResidual<T> finish{row.residual ? row.residual + at : nullptr, row.g1 + at, channels, shape.stride};
        convolve_row<1>(taps, width, finish);
      }
      taps.next_block(rows.dz2.block(), weights_per_block(shape));
    }
    add_to(rows.sums + c, first);
    add_to(rows.sums + channels + c, second);
  }
}

/// dweights of kernel row ky, one channel block: sum over x of dz2[x] * input[x * stride + kx - reach].
template <int Kernel>
HWY_INLINE void weight_gradient_row(const float* dz2, const float* input, int64_t width, int64_t stride,
                                    float* dweights) {
  // Two sums per weight, so that one addition need not wait for the one before.
  V even[Kernel];
  V odd[Kernel];
  for (int k = 0; k < Kernel; ++k) even[k] = odd[k] = zero();
  const int64_t step = stride * lanes;
  int64_t x = 0;
  for (; x + 1 < width; x += 2) {
    const V d0 = load(dz2 + x * lanes);
    const V d1 = load(dz2 + (x + 1) * lanes);
    const float* pixel = input + x * step;
#pragma GCC unroll 5
    for (int k = 0; k < Kernel; ++k) {
      even[k] = hn::MulAdd(d0, load(pixel + k * lanes), even[k]);
      odd[k] = hn::MulAdd(d1, load(pixel + step + k * lanes), odd[k]);
    }
  }
  if (x < width)
    for (int k = 0; k < Kernel; ++k)
      even[k] = hn::MulAdd(load(dz2 + x * lanes), load(input + x * step + k * lanes), even[k]);
  for (int k = 0; k < Kernel; ++k) add_to(dweights + k * lanes, hn::Add(even[k], odd[k]));
}

template <int Kernel, class T>
HWY_NOINLINE void weight_gradient(const DepthwiseBackward<T>& to, const BackwardRows& rows, const MetRow* met,
                                  int count) {
  const int64_t stride = to.shape.stride;
  for (int64_t block = 0; block < to.shape.channels / lanes; ++block) {
    const float* input = rows.input.pixels(0) + block * rows.input.block() - Kernel / 2 * lanes;
    for (const MetRow* row = met; row != met + count; ++row)
      weight_gradient_row<Kernel>(rows.dz2.pixels(row->row) + block * rows.dz2.block(), input, to.shape.out_width(),
                                  stride, to.dweights + (block * Kernel + row->ky) * Kernel * lanes);
  }
}

template <class T>
void backward_image(const DepthwiseBackward<T>& to, int64_t image, Range part, const BackwardRows& rows) {
  const DepthwiseShape& shape = to.shape;
  const int64_t channels = shape.channels;
  const int64_t reach = shape.kernel / 2;
  const int64_t outputs = image * shape.out_height() * shape.out_width() * channels;
  const int64_t inputs = image * shape.height * shape.width * channels;
  int64_t next = std::max<int64_t>(0, (part.begin - reach + shape.stride - 1) / shape.stride);
  for (int64_t y = part.begin; y < part.end; ++y) {
    for (; next <= std::min(shape.out_height() - 1, (y + reach) / shape.stride); ++next) {
      const int64_t at = outputs + next * shape.out_width() * channels;
      gradient_row(to.t + at, to.z2 + at, shape.out_width(), channels, to.norm2, to.norm2_gradient,
                   to.gate + image * channels, to.dpool + image * channels, rows.dz2.block(), rows.dz2.pixels(next));
    }
    const int64_t at = inputs + y * shape.width * channels;
    const InputRow<T> row{to.z1 + at, to.g1 + at, to.residual ? to.residual + at : nullptr};
    if (to.norm1.scale)
      activate_row_with_slopes(row.z1, shape.width, channels, to.norm1, rows.input.block(), rows.input.pixels(0),
                               rows.slopes + reach * lanes);
    else
      copy_row(row.z1, shape.width, channels, rows.input.block(), rows.input.pixels(0));
    MetRow met[5];
    const int count = rows_met(shape, y, met);
    input_gradient(to, rows, met, count, row);
    (shape.kernel == 3 ? weight_gradient<3, T> : weight_gradient<5, T>)(to, rows, met, count);
    if (y % rows_between_flushes == rows_between_flushes - 1 || y == part.end - 1) {
      flush(rows.sums, channels, to.sums.first);
      flush(rows.sums + channels, channels, to.sums.second);
    }
  }
}

template <class T>
void backward(const DepthwiseBackward<T>& to, const DepthwisePart& part, float* memory) {
  const BackwardRows rows(memory, to.shape);
  for (int64_t image = part.images.begin; image < part.images.end; ++image) backward_image(to, image, part.rows, rows);
}

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
