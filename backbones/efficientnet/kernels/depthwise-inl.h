// The last rows of an image in a ring, and the depthwise convolution of one output row from them.
#if defined(EFFICIENTNET_KERNELS_DEPTHWISE_INL) == \
    defined(HWY_TARGET_TOGGLE)  // once per instruction set: Highway's include guard
#ifdef EFFICIENTNET_KERNELS_DEPTHWISE_INL
#undef EFFICIENTNET_KERNELS_DEPTHWISE_INL
#else
#define EFFICIENTNET_KERNELS_DEPTHWISE_INL
#endif

#include <algorithm>
#include <cstring>

#include "backbones/efficientnet/kernels/depthwise.h"
#include "backbones/efficientnet/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

// ---- rows of pixels, ordered [channels / lanes][pad + width + pad][lanes] ------------------------------------------

struct RowLayout {
  int64_t channels;
  int64_t width;
  int64_t pad;

  int64_t block() const { return (width + 2 * pad) * lanes; }  ///< floats from one channel block to the next
  int64_t size() const { return channels / lanes * block(); }
};

/// The last rows of an image, at least as many as a kernel is high. Padding is zero and never written.
class Ring {
 public:
  Ring(float* memory, RowLayout layout, int64_t rows) : memory_(memory), layout_(layout), rows_(rows) {
    const int64_t pad = layout.pad * lanes;
    for (float* block = memory; block != memory + size(layout, rows); block += layout.block()) {
      std::memset(block, 0, static_cast<size_t>(pad) * sizeof(float));
      std::memset(block + layout.block() - pad, 0, static_cast<size_t>(pad) * sizeof(float));
    }
  }
  static int64_t size(RowLayout layout, int64_t rows) { return layout.size() * rows; }

  /// Where the pixels of row y begin, of channel block 0.
  float* pixels(int64_t y) const { return memory_ + y % rows_ * layout_.size() + layout_.pad * lanes; }
  int64_t block() const { return layout_.block(); }

 private:
  float* memory_;
  RowLayout layout_;
  int64_t rows_;
};

/// Calls value(x, c), a vector of pixel x's channels from c on, and writes it where the layout wants it.
template <class Value>
HWY_INLINE void fill_row(int64_t width, int64_t channels, int64_t block, float* pixels, Value value) {
  for (int64_t x = 0; x < width; ++x) {
    float* out = pixels + x * lanes;
    for (int64_t c = 0; c < channels; c += lanes, out += block) store(value(x, c), out);
  }
}

template <class T>
HWY_NOINLINE void copy_row(const T* z, int64_t width, int64_t channels, int64_t block, float* pixels) {
  fill_row(width, channels, block, pixels,
           [=](int64_t x, int64_t c) HWY_ATTR { return load_ahead(z + x * channels + c); });
}

template <class T>
HWY_NOINLINE void activate_row(const T* z, int64_t width, int64_t channels, Norm norm, int64_t block, float* pixels) {
  fill_row(width, channels, block, pixels, [=](int64_t x, int64_t c) HWY_ATTR {
    return silu<T>(normalize(norm, c, load_ahead(z + x * channels + c)));
  });
}

// ---- convolution of a row -------------------------------------------------------------------------------------------

/// One weight and the pixels it meets: sum[x] += values[x * step] * weight, of one channel block.
struct Tap {
  const float* values;
  const float* weight;
};

/// Those of an output row. They are worked out for the first channel block, and moved on from block to block.
struct Taps {
  static constexpr int most = 25;
  Tap taps[most];
  int count = 0;

  HWY_INLINE void add(const float* values, const float* weight) { taps[count++] = {values, weight}; }
  HWY_INLINE void next_block(int64_t pixels, int64_t weights) {
    for (int i = 0; i < count; ++i) {
      taps[i].values += pixels;
      taps[i].weight += weights;
    }
  }
};

template <int Step, int Width>
HWY_INLINE void convolve_tile(const Taps& taps, int64_t x, V (&sum)[Width]) {
#pragma GCC unroll 8
  for (int i = 0; i < Width; ++i) sum[i] = zero();
  for (const Tap* tap = taps.taps; tap != taps.taps + taps.count; ++tap) {
    const V weight = load(tap->weight);
    const float* values = tap->values + x * Step * lanes;
#pragma GCC unroll 8
    for (int i = 0; i < Width; ++i) sum[i] = hn::MulAdd(load(values + i * Step * lanes), weight, sum[i]);
  }
}

template <int Step, int Width, class Finish>
HWY_INLINE void convolve_up_to(const Taps& taps, Range x, Finish& finish) {
  if constexpr (Width > 1) {
    if (x.size() < Width) return convolve_up_to<Step, Width - 1>(taps, x, finish);
  }
  V sum[Width];
  convolve_tile<Step>(taps, x.begin, sum);
#pragma GCC unroll 8
  for (int i = 0; i < Width; ++i) finish(x.begin + i, sum[i]);
}

/// Calls finish(x, value) for x in 0..width-1.
template <int Step, class Finish>
HWY_INLINE void convolve_row(const Taps& taps, int64_t width, Finish& finish) {
  constexpr int tile = 8;  // as many sums hide an addition's latency
  const int64_t tiles = (width + tile - 1) / tile;
  for (int64_t t = 0; t < tiles; ++t)
    convolve_up_to<Step, tile>(taps, {width * t / tiles, width * (t + 1) / tiles}, finish);
}

/// Float sums are moved to double ones after as many rows.
constexpr int64_t rows_between_flushes = 4;

inline RowLayout input_layout(const DepthwiseShape& shape) { return {shape.channels, shape.width, shape.kernel / 2}; }

/// Floats from a channel block's weights to the next one's.
inline int64_t weights_per_block(const DepthwiseShape& shape) { return shape.kernel * shape.kernel * lanes; }

/// The taps of output row y: those whose input rows are inside the image.
inline Taps taps_forward(const DepthwiseShape& shape, const Ring& ring, int64_t y, const float* weights) {
  const int64_t kernel = shape.kernel;
  Taps taps;
  for (int64_t ky = 0; ky < kernel; ++ky) {
    const int64_t row = y * shape.stride - kernel / 2 + ky;
    if (row < 0 || row >= shape.height) continue;
    for (int64_t kx = 0; kx < kernel; ++kx)
      taps.add(ring.pixels(row) + (kx - kernel / 2) * lanes, weights + (ky * kernel + kx) * lanes);
  }
  return taps;
}

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
