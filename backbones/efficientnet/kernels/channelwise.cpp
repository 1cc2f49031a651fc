#include "backbones/efficientnet/kernels/channelwise.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backbones/efficientnet/kernels/channelwise.cpp"
#include <hwy/foreach_target.h>

#include "backbones/efficientnet/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

/// Calls body(image, rows, channels) for strips of channels of short stretches of one image's rows.
template <class T, class Body>
HWY_INLINE void over_strips(const NormedRows<T>& rows, Range range, Body body) {
  constexpr int64_t most_rows = 64;  // what stays in the nearest cache while its strips are walked one by one
  for (int64_t row = range.begin; row < range.end;) {
    const int64_t image = row / rows.rows_per_image;
    const int64_t end = std::min({range.end, (image + 1) * rows.rows_per_image, row + most_rows});
    for (int64_t c = 0; c < rows.channels; c += lanes) body(image, Range{row, end}, c);
    row = end;
  }
}

HWY_INLINE void add_to(double* sums, V value) {
  float lane[lanes];
  store(value, lane);
  for (int64_t i = 0; i < lanes; ++i) sums[i] += static_cast<double>(lane[i]);
}

template <class T>
void activate_forward(const ActivateForward<T>& to, Range range) {
  const NormedRows<T>& rows = to.rows;
  over_strips(rows, range, [&](int64_t image, Range part, int64_t c) HWY_ATTR {
    const V scale = load(rows.norm.scale + c);
    const V shift = load(rows.norm.shift + c);
    V sum = zero();
    for (int64_t row = part.begin; row < part.end; ++row) {
      const int64_t at = row * rows.channels + c;
      const V y = silu<T>(hn::MulAdd(load_ahead(rows.z + at), scale, shift));
      if (to.y) store(y, to.y + at);
      sum = hn::Add(sum, y);
    }
    add_to(to.sums + (image - to.first_image) * rows.channels + c, sum);
  });
}

template <class T>
void activate_backward(const ActivateBackward<T>& to, Range range) {
  const NormedRows<T>& rows = to.rows;
  over_strips(rows, range, [&](int64_t image, Range part, int64_t c) HWY_ATTR {
    const V dpooled = to.dpooled ? load(to.dpooled + image * rows.channels + c) : zero();
    V first = zero();
    V second = zero();
    for (int64_t row = part.begin; row < part.end; ++row) {
      const int64_t at = row * rows.channels + c;
      const V z = load_ahead(rows.z + at);
      const V dy = to.dy ? hn::Add(load_ahead(to.dy + at), dpooled) : dpooled;
      const V g = hn::Mul(dy, silu_with_slope<T>(normalize(rows.norm, c, z)).slope);
      store(g, to.g + at);
      first = hn::Add(first, g);
      second = hn::MulAdd(g, standardize(rows.norm, c, z), second);
    }
    add_to(to.sums.first + c, first);
    add_to(to.sums.second + c, second);
  });
}

template <class T>
void normalize_forward(const NormalizeForward<T>& to, Range range) {
  const NormedRows<T>& rows = to.rows;
  for (int64_t row = range.begin; row < range.end; ++row) {
    const V factor = all(to.factor ? to.factor[row / rows.rows_per_image] : 1.F);
    for (int64_t c = 0; c < rows.channels; c += lanes) {
      const int64_t at = row * rows.channels + c;
      const V y = hn::Mul(factor, normalize(rows.norm, c, load_ahead(rows.z + at)));
      store(to.residual ? hn::Add(y, load_ahead(to.residual + at)) : y, to.y + at);
    }
  }
}

template <class T>
void normalize_backward(const NormalizeBackward<T>& to, Range range) {
  const NormedRows<T>& rows = to.rows;
  over_strips(rows, range, [&](int64_t image, Range part, int64_t c) HWY_ATTR {
    const V factor = all(to.factor ? to.factor[image] : 1.F);
    V first = zero();
    V second = zero();
    for (int64_t row = part.begin; row < part.end; ++row) {
      const int64_t at = row * rows.channels + c;
      const V g = hn::Mul(factor, load_ahead(to.gradient + at));
      first = hn::Add(first, g);
      second = hn::MulAdd(g, standardize(rows.norm, c, load_ahead(rows.z + at)), second);
    }
    add_to(to.sums.first + c, first);
    add_to(to.sums.second + c, second);
  });
}

template <class T>
constexpr ChannelKernels<T> channel_kernels{activate_forward<T>, activate_backward<T>, normalize_forward<T>,
                                            normalize_backward<T>};

const ChannelKernels<float>* channel_kernels_float32() { return &channel_kernels<float>; }
const ChannelKernels<bfloat16>* channel_kernels_bfloat16() { return &channel_kernels<bfloat16>; }

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace efficientnet::kernels {
HWY_EXPORT(channel_kernels_float32);
HWY_EXPORT(channel_kernels_bfloat16);
template <>
const ChannelKernels<float>& chosen_channel_kernels() {
  return *HWY_DYNAMIC_DISPATCH(channel_kernels_float32)();
}
template <>
const ChannelKernels<bfloat16>& chosen_channel_kernels() {
  return *HWY_DYNAMIC_DISPATCH(channel_kernels_bfloat16)();
}
}  // namespace efficientnet::kernels
#endif
