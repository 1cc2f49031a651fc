// What the factors of a product are made of: words of 32 bits, which meet each other along the sum.
#if defined(EFFICIENTNET_KERNELS_WORDS_INL) == \
    defined(HWY_TARGET_TOGGLE)  // once per instruction set: Highway's include guard
#ifdef EFFICIENTNET_KERNELS_WORDS_INL
#undef EFFICIENTNET_KERNELS_WORDS_INL
#else
#define EFFICIENTNET_KERNELS_WORDS_INL
#endif

#include <cstring>

#include "backbones/efficientnet/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

/// A word is passed around as a float, whatever its bits say.
HWY_INLINE V all_of(const float* word) {
  float bits;
  std::memcpy(&bits, word, sizeof bits);
  return all(bits);
}

/// A word is one value, in float32.
struct Singles {
  using Value = float;
  static constexpr int64_t values = 1;
  static constexpr int64_t multiple = 1;
  /// A tile is as many rows as leave registers for two vectors of the matrix and one of the rows: 28 of AVX-512's 32,
  /// 12 of AVX2's 16.
  static constexpr int tile_rows = lanes >= 16 ? 14 : 6;
  static HWY_INLINE V multiply_add(V a, V b, V sum) { return hn::MulAdd(a, b, sum); }
  static HWY_INLINE void put(V value, Value* to) { store(value, to); }
  static float word_of(float first, float) { return first; }
};

/// HWY_AVX3 is AVX-512 without bfloat16; some of its processors have that, too.
#if HWY_TARGET == HWY_AVX3

/// A word is two values that are neighbours along the sum, in bfloat16, the first in the lower half. Products and sums
/// are float32. Written in assembler because Highway 1.0 does not know AVX512_BF16, and because a function that is
/// compiled for it could not be inlined into those that are not.
struct Pairs {
  using Value = bfloat16;
  using Halves = hn::Vec<hn::Rebind<uint16_t, Tag>>;
  static constexpr int64_t values = 2;
  static constexpr int64_t multiple = 1;
  static constexpr int tile_rows = Singles::tile_rows;

  static HWY_INLINE V multiply_add(V a, V b, V sum) {
    asm("vdpbf16ps %2, %1, %0" : "+v"(sum.raw) : "v"(a.raw), "v"(b.raw));
    return sum;
  }
  static HWY_INLINE Halves rounded(V value) {
    Halves halves;
    asm("vcvtneps2bf16 %1, %0" : "=v"(halves.raw) : "v"(value.raw));
    return halves;
  }
  static HWY_INLINE void put(V value, Value* to) { hn::StoreU(rounded(value), hn::Rebind<uint16_t, Tag>(), &to->bits); }
  /// The words of two vectors.
  static HWY_INLINE V words_of(V first, V second) { return words_of(rounded(first), rounded(second)); }
  static HWY_INLINE V words_of(Halves first, Halves second) {
    const hn::RebindToUnsigned<Tag> whole;
    return hn::BitCast(Tag(), hn::Or(hn::PromoteTo(whole, first), hn::ShiftLeft<16>(hn::PromoteTo(whole, second))));
  }
  static HWY_INLINE Halves halves_at(const Value* from) { return hn::LoadU(hn::Rebind<uint16_t, Tag>(), &from->bits); }
  static HWY_INLINE Halves no_halves() { return hn::Zero(hn::Rebind<uint16_t, Tag>()); }
  static float word_of(float first, float second) {
    const uint32_t bits = rounded(first) | static_cast<uint32_t>(rounded(second)) << 16;
    float word;
    std::memcpy(&word, &bits, sizeof word);
    return word;
  }

 private:
  /// To the nearest, ties to even.
  static uint16_t rounded(float value) {
    uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return static_cast<uint16_t>((bits + 0x7fff + (bits >> 16 & 1)) >> 16);
  }
};
/// The same words, multiplied by AMX (see tiles-inl.h). A sum has zeros up to a multiple of eight words: as many as
/// there are pairs in the block to which an activation's channels are padded.
struct Tiles : Pairs {
  static constexpr int64_t multiple = channel_block / values;
  static constexpr int tile_rows = 32;
};
using PairsOrSingles = Pairs;
using TilesOrSingles = Tiles;
#else
using PairsOrSingles = Singles;
using TilesOrSingles = Singles;
#endif

/// Words along a sum of k values.
template <class Words>
constexpr int64_t words(int64_t k) {
  constexpr int64_t together = Words::values * Words::multiple;
  return (k + together - 1) / together * Words::multiple;
}

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
