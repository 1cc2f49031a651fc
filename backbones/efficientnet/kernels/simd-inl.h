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
HWY_INLINE void store(V value, float* to, bool past_the_cache) {
  if (past_the_cache)
    hn::Stream(value, Tag(), to);
  else
    hn::StoreU(value, Tag(), to);
}
/// Rounded to the nearest, ties to even.
HWY_INLINE void store(V value, bfloat16* to) {
  const hn::RebindToUnsigned<Tag> bits;
  const hn::Rebind<uint16_t, Tag> upper_half;
  const auto whole = hn::BitCast(bits, value);
  const auto odd = hn::And(hn::ShiftRight<16>(whole), hn::Set(bits, 1));
  const auto rounded = hn::ShiftRight<16>(hn::Add(whole, hn::Add(odd, hn::Set(bits, 0x7fff))));
  hn::StoreU(hn::TruncateTo(upper_half, rounded), upper_half, &to->bits);
}
/// Half as many bytes are not worth a way past the cache.
HWY_INLINE void store(V value, bfloat16* to, bool) { store(value, to); }
HWY_INLINE void add_to(float* sum, V value) { store(hn::Add(load(sum), value), sum); }

/// 1 / (1 + exp(-x)). The power of two is Cephes' exp2f polynomial on [-1/2, 1/2]; the quotient an estimate with one
/// step of Newton's: relative error below 3e-7.
HWY_INLINE V sigmoid(V x) {
  V t = hn::Mul(x, all(-1.44269504F));
  t = hn::Max(hn::Min(t, all(126.F)), all(-126.F));
  const auto whole = hn::NearestInt(t);
  const V f = hn::Sub(t, hn::ConvertTo(Tag(), whole));
  V p = all(1.535336188319500e-4F);
  p = hn::MulAdd(p, f, all(1.339887440266574e-3F));
  p = hn::MulAdd(p, f, all(9.618437357674640e-3F));
  p = hn::MulAdd(p, f, all(5.550332471162809e-2F));
  p = hn::MulAdd(p, f, all(2.402264791363012e-1F));
  p = hn::MulAdd(p, f, all(6.931472028550421e-1F));
  p = hn::MulAdd(p, f, all(1.F));
  const hn::RebindToSigned<Tag> integers;
  const V power = hn::BitCast(Tag(), hn::Add(hn::BitCast(integers, p), hn::ShiftLeft<23>(whole)));
  const V d = hn::Add(power, all(1.F));
  const V estimate = hn::ApproximateReciprocal(d);
  return hn::Mul(estimate, hn::NegMulAdd(d, estimate, all(2.F)));
}

HWY_INLINE V silu(V u) { return hn::Mul(u, sigmoid(u)); }

struct SiluWithSlope {
  V value;  // a = u s
  V slope;  // s + a (1 - s)
};
HWY_INLINE SiluWithSlope silu_with_slope(V u) {
  const V s = sigmoid(u);
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
