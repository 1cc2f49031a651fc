// Highway's vectors under short names, and SiLU.
#if defined(EFFICIENTNET_KERNELS_SIMD_INL) == \
    defined(HWY_TARGET_TOGGLE)  // once per instruction set: Highway's include guard
#ifdef EFFICIENTNET_KERNELS_SIMD_INL
#undef EFFICIENTNET_KERNELS_SIMD_INL
#else
#define EFFICIENTNET_KERNELS_SIMD_INL
#endif
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "backbones/efficientnet/kernels/layout.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

namespace hn = hwy::HWY_NAMESPACE;
using Tag = hn::ScalableTag<float>;
using V = hn::Vec<Tag>;
constexpr int64_t lanes = HWY_LANES(float);
static_assert(channel_block % lanes == 0);

/// How far ahead of a stream of reads memory is asked for, in values: about what arrives while it is worked on.
constexpr int64_t read_ahead = 768;

HWY_INLINE V zero() { return hn::Zero(Tag()); }
HWY_INLINE V all(float value) { return hn::Set(Tag(), value); }
HWY_INLINE V load(const float* from) { return hn::LoadU(Tag(), from); }
HWY_INLINE V load(const bfloat16* from) {
  const hn::RebindToUnsigned<Tag> bits;
  const hn::Rebind<uint16_t, Tag> upper_half;
  const auto values = hn::PromoteTo(bits, hn::LoadU(upper_half, &from->bits));
  return hn::BitCast(Tag(), hn::ShiftLeft<16>(values));
}
template <class T>
HWY_INLINE V load_ahead(const T* from) {
  hwy::Prefetch(from + read_ahead);
  return load(from);
}
HWY_INLINE void store(V value, float* to) { hn::StoreU(value, Tag(), to); }
/// Past the cache only where a vector is a whole line of it: parts of a line are collected in few places, and walking
/// down a column overruns them.
HWY_INLINE void store(V value, float* to, bool past_the_cache) {
  if (lanes == channel_block && past_the_cache)
    hn::Stream(value, Tag(), to);
  else
    hn::StoreU(value, Tag(), to);
}
/// Rounded to the nearest, ties away from zero: one value in 65536 is a tie.
HWY_INLINE void store(V value, bfloat16* to) {
  const hn::RebindToUnsigned<Tag> bits;
  const hn::Rebind<uint16_t, Tag> upper_half;
  const auto rounded = hn::ShiftRight<16>(hn::Add(hn::BitCast(bits, value), hn::Set(bits, 0x8000)));
  hn::StoreU(hn::TruncateTo(upper_half, rounded), upper_half, &to->bits);
}
/// Half as many bytes are not worth a way past the cache.
HWY_INLINE void store(V value, bfloat16* to, bool) { store(value, to); }
HWY_INLINE void add_to(float* sum, V value) { store(hn::Add(load(sum), value), sum); }

/// p(f) of the smallest relative error against 2^f on [0, 1] (Remez): below 8e-8, and below 8e-5 for bfloat16, whose
/// own rounding is 25 times as coarse.
template <class T>
HWY_INLINE V exp2_of_fraction(V f);
template <>
HWY_INLINE V exp2_of_fraction<float>(V f) {
  V p = all(0.00187757667F);
  p = hn::MulAdd(p, f, all(0.00898934009F));
  p = hn::MulAdd(p, f, all(0.0558263181F));
  p = hn::MulAdd(p, f, all(0.240153617F));
  p = hn::MulAdd(p, f, all(0.693153073F));
  return hn::MulAdd(p, f, all(0.999999925F));
}
template <>
HWY_INLINE V exp2_of_fraction<bfloat16>(V f) {
  V p = all(0.0780245227F);
  p = hn::MulAdd(p, f, all(0.226067155F));
  p = hn::MulAdd(p, f, all(0.695833541F));
  return hn::MulAdd(p, f, all(0.999925219F));
}

/// 2^t for t <= 126.
#if HWY_TARGET == HWY_AVX3
template <class T>
HWY_INLINE V exp2(V t) {
  constexpr int fraction_above_floor = 0x09;  // VREDUCEPS: t - floor(t), and no exceptions
  return V{_mm512_scalef_ps(exp2_of_fraction<T>(V{_mm512_reduce_ps(t.raw, fraction_above_floor)}).raw, t.raw)};
}
#else
template <class T>
HWY_INLINE V exp2(V t) {
  t = hn::Max(t, all(-126.F));
  const V whole = hn::Floor(t);
  const hn::RebindToSigned<Tag> integers;
  const auto exponent = hn::ShiftLeft<23>(hn::ConvertTo(integers, whole));
  return hn::BitCast(Tag(), hn::Add(hn::BitCast(integers, exp2_of_fraction<T>(hn::Sub(t, whole))), exponent));
}
#endif

/// 1 / d, of a relative error below 3e-7; for bfloat16 below 4e-4.
template <class T>
HWY_INLINE V reciprocal(V d);
template <>
HWY_INLINE V reciprocal<bfloat16>(V d) {
  return hn::ApproximateReciprocal(d);
}
template <>
HWY_INLINE V reciprocal<float>(V d) {
  const V estimate = hn::ApproximateReciprocal(d);
  return hn::Mul(estimate, hn::NegMulAdd(d, estimate, all(2.F)));  // one step of Newton's
}

/// 1 / (1 + exp(-x)), as exactly as values stored as T can tell.
template <class T>
HWY_INLINE V sigmoid(V x) {
  const V t = hn::Min(hn::Mul(x, all(-1.44269504F)), all(126.F));
  return reciprocal<T>(hn::Add(exp2<T>(t), all(1.F)));
}

template <class T>
HWY_INLINE V silu(V u) {
  return hn::Mul(u, sigmoid<T>(u));
}

struct SiluWithSlope {
  V value;  // a = u s
  V slope;  // s + a (1 - s)
};
template <class T>
HWY_INLINE SiluWithSlope silu_with_slope(V u) {
  const V s = sigmoid<T>(u);
  const V a = hn::Mul(u, s);
  return {a, hn::NegMulAdd(a, s, hn::Add(a, s))};
}

HWY_INLINE V normalize(const Norm& norm, int64_t c, V z) {
  return hn::MulAdd(z, load(norm.scale + c), load(norm.shift + c));
}
/// x^ of Norm.
HWY_INLINE V standardize(const Norm& norm, int64_t c, V z) {
  return hn::Mul(hn::Sub(z, load(norm.mean + c)), load(norm.inverse_deviation + c));
}
HWY_INLINE V gradient_of(const NormGradient& norm, int64_t c, V gradient, V z) {
  return hn::MulAdd(gradient, load(norm.of_gradient + c),
                    hn::MulAdd(z, load(norm.of_value + c), load(norm.constant + c)));
}

/// Moves float sums of a short stretch of rows to the sums of all rows, which need double's precision.
HWY_INLINE void flush(float* sums, int64_t count, double* totals) {
  for (int64_t c = 0; c < count; ++c) totals[c] += static_cast<double>(sums[c]);
  for (int64_t c = 0; c < count; ++c) sums[c] = 0;
}

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
