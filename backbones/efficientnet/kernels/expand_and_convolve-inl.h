// The expansion of a few rows into a ring, and the depthwise convolution from there, with folded batch-norms.
#if defined(EFFICIENTNET_KERNELS_EXPAND_AND_CONVOLVE_INL) == \
    defined(HWY_TARGET_TOGGLE)  // once per instruction set: Highway's include guard
#ifdef EFFICIENTNET_KERNELS_EXPAND_AND_CONVOLVE_INL
#undef EFFICIENTNET_KERNELS_EXPAND_AND_CONVOLVE_INL
#else
#define EFFICIENTNET_KERNELS_EXPAND_AND_CONVOLVE_INL
#endif

#include <algorithm>

#include "backbones/efficientnet/kernels/depthwise-inl.h"
#include "backbones/efficientnet/kernels/inference.h"
#include "backbones/efficientnet/kernels/rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace efficientnet::kernels::HWY_NAMESPACE {

template <class Words>
Columns<Words> columns_of(const FoldedProduct& product, Range channels) {
  const int64_t depth = words<Words>(product.k);
  return {product.packed + channels.begin * depth, depth};
}

/// Rows of an image that are expanded together: several where they are short, so that the product's tiles are full.
int64_t rows_together(const DepthwiseShape& shape) { return std::clamp<int64_t>(56 / shape.width, 1, shape.height); }

int64_t ring_rows(const DepthwiseShape& shape) {
  return std::min(shape.height, shape.kernel + rows_together(shape) - 1);
}

int64_t convolve_workspace(const DepthwiseShape& shape, int64_t k) {
  return Ring::size(input_layout(shape), ring_rows(shape)) + rows_together(shape) * shape.width * padded(k);
}

/// Writes SiLU(tile + bias) into the ring; row 0 of the product is the first pixel of image row `first`.
template <class T>
struct ActivateIntoRing {
  Ring ring;
  int64_t first;
  int64_t width;
  const float* bias;

  template <int Height, int Vectors>
  HWY_INLINE void operator()(const V (&tile)[Height][Vectors], int64_t row, int64_t column) const {
    V biases[Vectors];
    for (int j = 0; j < Vectors; ++j) biases[j] = load(bias + column + j * lanes);
    int64_t y = first + row / width;
    int64_t x = row % width;
    float* out = ring.pixels(y) + column / lanes * ring.block();
#pragma GCC unroll 16
    for (int i = 0; i < Height; ++i) {
#pragma GCC unroll 2
      for (int j = 0; j < Vectors; ++j)
        store(silu<T>(hn::Add(tile[i][j], biases[j])), out + x * lanes + j * ring.block());
      if (++x == width && i + 1 < Height) {
        x = 0;
        out = ring.pixels(++y) + column / lanes * ring.block();
      }
    }
  }
};

template <class Words, class Source, class T>
void fill(const Source& source, const ExpandAndConvolve<T>& to, Range rows, Range channels, const Ring& ring,
          float* workspace) {
  const int64_t width = to.shape.width;
  const Rows<false> made = make_rows<Words>(source, {rows.begin * width, rows.end * width}, to.expand.k,
                                            reinterpret_cast<typename Words::Value*>(workspace));
  product(made, rows.size() * width, columns_of<Words>(to.expand, channels), channels.size(),
          ActivateIntoRing<T>{ring, rows.begin, width, to.expand.bias + channels.begin});
}

/// A block without expansion.
template <class T>
struct Unexpanded {
  const T* x;
};

template <class Words, class T>
void fill(const Unexpanded<T>& source, const ExpandAndConvolve<T>& to, Range rows, Range channels, const Ring& ring,
          float*) {
  const int64_t stride = to.shape.channels;
  for (int64_t y = rows.begin; y < rows.end; ++y)
    fill_row(to.shape.width, channels.size(), ring.block(), ring.pixels(y),
             [from = source.x + y * to.shape.width * stride + channels.begin, stride](int64_t x, int64_t c)
                 HWY_ATTR { return load(from + x * stride + c); });
}

template <class T>
struct ActivateAndSum {
  T* out;
  int64_t stride;
  V bias;
  V sum;

  HWY_INLINE void operator()(int64_t x, V value) {
    const V a = silu<T>(hn::Add(value, bias));
    store(a, out + x * stride);
    sum = hn::Add(sum, a);
  }
};

template <int Stride, class T>
HWY_NOINLINE void convolve_output_row(const ExpandAndConvolve<T>& to, const Ring& ring, int64_t y, Range channels) {
  const DepthwiseShape& shape = to.shape;
  T* const out = to.a + y * shape.out_width() * shape.channels;
  Taps taps = taps_forward(shape, ring, y, to.weights + channels.begin / lanes * weights_per_block(shape));
  for (int64_t c = channels.begin; c < channels.end; c += lanes) {
    ActivateAndSum<T> finish{out + c, shape.channels, load(to.bias + c), load(to.sums + c)};
    convolve_row<Stride>(taps, shape.out_width(), finish);
    taps.next_block(ring.block(), weights_per_block(shape));
    store(finish.sum, to.sums + c);
  }
}

template <class Words, class Source, class T>
void convolve_from(const Source& source, const ExpandAndConvolve<T>& to, const InferencePart& part, float* memory) {
  const DepthwiseShape& shape = to.shape;
  RowLayout layout = input_layout(shape);
  layout.channels = part.channels.size();
  const Ring ring(memory, layout, ring_rows(shape));
  float* const rows = memory + Ring::size(layout, ring_rows(shape));
  std::fill(to.sums + part.channels.begin, to.sums + part.channels.end, 0.F);

  const int64_t reach = shape.kernel / 2;
  const int64_t end = std::min(shape.height, (part.rows.end - 1) * shape.stride + reach + 1);
  int64_t next = std::max<int64_t>(0, part.rows.begin * shape.stride - reach);
  for (int64_t y = part.rows.begin; y < part.rows.end; ++y) {
    while (next < std::min(end, y * shape.stride + reach + 1)) {
      const Range more{next, std::min(end, next + rows_together(shape))};
      fill<Words>(source, to, more, part.channels, ring, rows);
      next = more.end;
    }
    (shape.stride == 1 ? convolve_output_row<1, T> : convolve_output_row<2, T>)(to, ring, y, part.channels);
  }
}

template <class T>
void convolve(const PlainRows<T>& x, const ExpandAndConvolve<T>& to, const InferencePart& part, float* memory) {
  convolve_from<Singles>(Unexpanded<T>{x.x}, to, part, memory);
}

}  // namespace efficientnet::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
