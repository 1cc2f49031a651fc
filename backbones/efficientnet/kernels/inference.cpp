#include "backbones/efficientnet/kernels/inference.h"

#include <algorithm>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "backbones/efficientnet/kernels/inference.cpp"
#include <hwy/foreach_target.h>

#include "backbones/efficientnet/kernels/expand_and_convolve-inl.h"
#include "backbones/efficientnet/kernels/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

static_assert(pack_step % panel_width == 0);

// ---- squeeze-excite -------------------------------------------------------------------------------------------------

int64_t excite_workspace(int64_t channels, int64_t squeezed) { return channels + padded(squeezed); }

void excite(const Excitation& to, float* memory) {
  float* const mean = memory;
  float* const hidden = memory + to.channels;
  const V per_pixel = all(1.F / static_cast<float>(to.pixels));
  for (int64_t c = 0; c < to.channels; c += lanes) {
    V sum = load(to.sums + c);
    for (int64_t part = 1; part < to.parts; ++part) sum = hn::Add(sum, load(to.sums + part * to.channels + c));
    store(hn::Mul(sum, per_pixel), mean + c);
  }
  std::fill_n(hidden, padded(to.squeezed), 0.F);
  for (int64_t q = 0; q < to.squeezed; ++q) {
    V sum = zero();
    for (int64_t c = 0; c < to.channels; c += lanes)
      sum = hn::MulAdd(load(mean + c), load(to.reduce + q * to.channels + c), sum);
    hidden[q] = hn::GetLane(hn::SumOfLanes(Tag(), sum)) + to.reduce_bias[q];
  }
  for (int64_t q = 0; q < padded(to.squeezed); q += lanes) store(silu<float>(load(hidden + q)), hidden + q);
  for (int64_t c = 0; c < to.channels; c += lanes) {
    V sum = load(to.expand_bias + c);
    for (int64_t q = 0; q < to.squeezed; ++q)
      sum = hn::MulAdd(all(hidden[q]), load(to.expand + q * to.channels + c), sum);
    store(sigmoid<float>(sum), to.gate + c);
  }
}

// ---- products -------------------------------------------------------------------------------------------------------

/// Rows that are gated together and stay in cache until they are multiplied.
template <class Words>
int64_t block_rows(int64_t k) {
  constexpr int64_t tile_rows = Words::tile_rows;
  return std::clamp<int64_t>(43'000 / padded(k) / tile_rows * tile_rows, tile_rows, 8 * tile_rows);
}

template <class Words>
int64_t product_workspace(int64_t k) {
  return block_rows<Words>(k) * padded(k);
}

template <class Words, class T>
Rows<false> make_rows(const GatedRows<T>& from, Range block, int64_t k, typename Words::Value* workspace) {
  const int64_t width = padded(k);
  const T* a = from.a + block.begin * width;
  for (int64_t row = 0; row < block.size(); ++row)
    for (int64_t c = 0; c < width; c += lanes)
      Words::put(hn::Mul(load_ahead(a + row * width + c), load(from.gate + c)), workspace + row * width + c);
  return rows_at<Words>(workspace, k);
}

/// out = tile + bias + residual (null: 0).
template <class T>
struct StoreWithBias {
  T* out;
  int64_t stride;
  const float* bias;
  const T* residual;

  template <int Height, int Vectors>
  HWY_INLINE void operator()(const V (&tile)[Height][Vectors], int64_t row, int64_t column) const {
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; ++j) {
      const V biases = load(bias + column + j * lanes);
#pragma GCC unroll 16
      for (int i = 0; i < Height; ++i) {
        const int64_t at = (row + i) * stride + column + j * lanes;
        const V value = hn::Add(tile[i][j], biases);
        store(residual ? hn::Add(value, load(residual + at)) : value, out + at);
      }
    }
  }
};

template <class Words, class T>
void project(const ProjectInference<T>& to, const InferencePart& part, float* memory) {
  const int64_t stride = padded(to.product.n);
  const int64_t first = part.channels.begin;
  auto* const rows = reinterpret_cast<typename Words::Value*>(memory);
  over_blocks(part.rows, block_rows<Words>(to.product.k), [&](Range block) HWY_ATTR {
    const int64_t at = block.begin * stride + first;
    product(make_rows<Words>(to.rows, block, to.product.k, rows), block.size(),
            columns_of<Words>(to.product, part.channels), part.channels.size(),
            StoreWithBias<T>{to.y + at, stride, to.product.bias + first, to.residual ? to.residual + at : nullptr});
  });
}

/// out = SiLU(tile + bias), and its sums.
template <class T>
struct StoreActivatedWithSums {
  float* out;
  int64_t stride;
  const float* bias;
  float* sums;

  template <int Height, int Vectors>
  HWY_INLINE void operator()(const V (&tile)[Height][Vectors], int64_t row, int64_t column) const {
#pragma GCC unroll 2
    for (int j = 0; j < Vectors; ++j) {
      const int64_t at = column + j * lanes;
      V sum = load(sums + at);
#pragma GCC unroll 16
      for (int i = 0; i < Height; ++i) {
        const V value = silu<T>(hn::Add(tile[i][j], load(bias + at)));
        store(value, out + (row + i) * stride + at);
        sum = hn::Add(sum, value);
      }
      store(sum, sums + at);
    }
  }
};

template <class Words, class T>
void last(const LastInference<T>& to, const InferencePart& part, float* memory) {
  const int64_t first = part.channels.begin;
  auto* const rows = reinterpret_cast<typename Words::Value*>(memory);
  float* const pooled = to.pooled + first;
  std::fill_n(pooled, part.channels.size(), 0.F);
  over_blocks(part.rows, block_rows<Words>(to.product.k), [&](Range block) HWY_ATTR {
    product(make_rows<Words>(to.x, block, to.product.k, rows), block.size(),
            columns_of<Words>(to.product, part.channels), part.channels.size(),
            StoreActivatedWithSums<T>{to.map + block.begin * to.product.n + first, to.product.n,
                                      to.product.bias + first, pooled});
  });
  const V per_row = all(1.F / static_cast<float>(part.rows.size()));
  for (int64_t c = 0; c < part.channels.size(); c += lanes) store(hn::Mul(load(pooled + c), per_row), pooled + c);
}

template <class T, class Words>
constexpr InferenceKernels<T> inference_kernels{convolve_workspace,
                                                excite_workspace,
                                                product_workspace<Words>,
                                                convolve<T>,
                                                convolve_from<Words, PlainRows<T>, T>,
                                                convolve_from<Words, PatchRows, T>,
                                                excite,
                                                project<Words, T>,
                                                last<Words, T>};

const InferenceKernels<float>* inference_kernels_float32() { return &inference_kernels<float, Singles>; }
const InferenceKernels<bfloat16>* inference_kernels_bfloat16() { return &inference_kernels<bfloat16, Singles>; }
const InferenceKernels<bfloat16>* inference_kernels_in_pairs() { return &inference_kernels<bfloat16, PairsOrSingles>; }
const InferenceKernels<bfloat16>* inference_kernels_in_tiles() { return &inference_kernels<bfloat16, TilesOrSingles>; }

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace efficientnet::kernels {
HWY_EXPORT(inference_kernels_float32);
HWY_EXPORT(inference_kernels_bfloat16);
HWY_EXPORT(inference_kernels_in_pairs);
HWY_EXPORT(inference_kernels_in_tiles);
template <>
const InferenceKernels<float>& chosen_inference_kernels() {
  return *HWY_DYNAMIC_DISPATCH(inference_kernels_float32)();
}
template <>
const InferenceKernels<bfloat16>& chosen_inference_kernels() {
  return *HWY_DYNAMIC_DISPATCH(inference_kernels_bfloat16)();
}
const InferenceKernels<bfloat16>& chosen_inference_kernels_in_pairs() {
  return *HWY_DYNAMIC_DISPATCH(inference_kernels_in_pairs)();
}
const InferenceKernels<bfloat16>& chosen_inference_kernels_in_tiles() {
  return *HWY_DYNAMIC_DISPATCH(inference_kernels_in_tiles)();
}
}  // namespace efficientnet::kernels
#endif
