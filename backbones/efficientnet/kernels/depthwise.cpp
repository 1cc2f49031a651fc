#include "backbones/efficientnet/kernels/depthwise.h"

#include <algorithm>
#include <cstring>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backbones/efficientnet/kernels/depthwise.cpp"
#include <hwy/foreach_target.h>

#include "backbones/efficientnet/kernels/depthwise_backward-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

void pack(const float* weights, int64_t channels, int64_t taps, float* packed) {
  for (int64_t c = 0; c < padded(channels); ++c)
    for (int64_t tap = 0; tap < taps; ++tap)
      packed[(c / lanes * taps + tap) * lanes + c % lanes] = c < channels ? weights[c * taps + tap] : 0.F;
}

void unpack(const float* packed, int64_t channels, int64_t taps, float* weights) {
  for (int64_t c = 0; c < channels; ++c)
    for (int64_t tap = 0; tap < taps; ++tap)
      weights[c * taps + tap] = packed[(c / lanes * taps + tap) * lanes + c % lanes];
}

template <class T>
struct StoreWithSums {
  T* out;
  int64_t stride;
  bool stream;
  V first = zero();
  V second = zero();

  HWY_INLINE void operator()(int64_t x, V value) {
    store(value, out + x * stride, stream);
    first = hn::Add(first, value);
    second = hn::MulAdd(value, value, second);
  }
};

template <int Stride, class T>
HWY_NOINLINE void forward_row(const DepthwiseShape& shape, const Ring& ring, int64_t y, const float* weights, T* z2,
                              bool stream, float* sums) {
  Taps taps = taps_forward(shape, ring, y, weights);
  for (int64_t c = 0; c < shape.channels; c += lanes) {
    StoreWithSums<T> finish{z2 + c, shape.channels, stream};
    convolve_row<Stride>(taps, shape.out_width(), finish);
    taps.next_block(ring.block(), weights_per_block(shape));
    add_to(sums + c, finish.first);
    add_to(sums + shape.channels + c, finish.second);
  }
}

template <class T>
void forward_image(const DepthwiseForward<T>& to, int64_t image, Range rows, const Ring& ring, float* sums) {
  const DepthwiseShape& shape = to.shape;
  const int64_t channels = shape.channels;
  const T* z1 = to.z1 + image * shape.height * shape.width * channels;
  T* z2 = to.z2 + image * shape.out_height() * shape.out_width() * channels;
  const int64_t reach = shape.kernel / 2;
  int64_t next = std::max<int64_t>(0, rows.begin * shape.stride - reach);
  for (int64_t y = rows.begin; y < rows.end; ++y) {
    for (; next <= std::min(shape.height - 1, y * shape.stride + reach); ++next) {
      const T* row = z1 + next * shape.width * channels;
      if (to.norm.scale)
        activate_row(row, shape.width, channels, to.norm, ring.block(), ring.pixels(next));
      else
        copy_row(row, shape.width, channels, ring.block(), ring.pixels(next));
    }
    (shape.stride == 1 ? forward_row<1, T> : forward_row<2, T>)(shape, ring, y, to.weights,
                                                                z2 + y * shape.out_width() * channels, to.stream, sums);
    if (y % rows_between_flushes == rows_between_flushes - 1 || y == rows.end - 1) {
      flush(sums, channels, to.sums.first);
      flush(sums + channels, channels, to.sums.second);
    }
  }
}

template <class T>
void forward(const DepthwiseForward<T>& to, const DepthwisePart& part, float* memory) {
  const Ring ring(memory, input_layout(to.shape), to.shape.kernel);
  float* sums = memory + Ring::size(input_layout(to.shape), to.shape.kernel);
  std::memset(sums, 0, static_cast<size_t>(2 * to.shape.channels) * sizeof(float));
  for (int64_t image = part.images.begin; image < part.images.end; ++image)
    forward_image(to, image, part.rows, ring, sums);
}

int64_t workspace_size(const DepthwiseShape& shape) {
  return std::max(BackwardRows::size(shape), Ring::size(input_layout(shape), shape.kernel) + 2 * shape.channels);
}

template <class T>
constexpr DepthwiseKernels<T> depthwise_kernels{pack, unpack, workspace_size, forward<T>, backward<T>};

const DepthwiseKernels<float>* depthwise_kernels_float32() { return &depthwise_kernels<float>; }
const DepthwiseKernels<bfloat16>* depthwise_kernels_bfloat16() { return &depthwise_kernels<bfloat16>; }

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace efficientnet::kernels {
HWY_EXPORT(depthwise_kernels_float32);
HWY_EXPORT(depthwise_kernels_bfloat16);
template <>
const DepthwiseKernels<float>& chosen_depthwise_kernels() {
  return *HWY_DYNAMIC_DISPATCH(depthwise_kernels_float32)();
}
template <>
const DepthwiseKernels<bfloat16>& chosen_depthwise_kernels() {
  return *HWY_DYNAMIC_DISPATCH(depthwise_kernels_bfloat16)();
}
}  // namespace efficientnet::kernels
#endif
