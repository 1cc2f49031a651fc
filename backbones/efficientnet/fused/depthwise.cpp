#include "backbones/efficientnet/fused/depthwise.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include "backbones/efficientnet/fused/slots.h"
#include "backbones/efficientnet/fused/storage.h"

namespace efficientnet::fused {
namespace {

using kernels::DepthwisePart;
using kernels::DepthwiseShape;
using kernels::Kernels;
using kernels::KernelsOf;
using kernels::padded;
using kernels::Range;

/// Rows of pixels that are worth a thread.
constexpr int64_t least_rows = 8;
constexpr int64_t streamed_bytes = 4 << 20;  // as for products

bool streams(const at::Tensor& tensor) { return tensor.numel() * tensor.element_size() > streamed_bytes; }

DepthwiseShape shape_of(const at::Tensor& x, const at::Tensor& weight, int64_t stride) {
  return {x.size(3), weight.size(2), stride, x.size(1), x.size(2)};
}

/// A slot's share of all images' rows: the end of one image, whole images, the beginning of another.
template <class Body>
void over_parts(Range rows, int64_t rows_per_image, const Body& body) {
  while (rows.begin < rows.end) {
    const int64_t image = rows.begin / rows_per_image;
    const int64_t skipped = rows.begin % rows_per_image;
    const int64_t whole = skipped == 0 ? rows.size() / rows_per_image : 0;
    if (whole > 0) {
      body(DepthwisePart{{image, image + whole}, {0, rows_per_image}});
      rows.begin += whole * rows_per_image;
    } else {
      const int64_t end = std::min(rows_per_image, skipped + rows.size());
      body(DepthwisePart{{image, image + 1}, {skipped, end}});
      rows.begin += end - skipped;
    }
  }
}

template <class T>
at::Tensor packed(const KernelsOf<T>& with, const at::Tensor& weight) {
  const int64_t taps = weight.size(2) * weight.size(3);
  const at::Tensor memory = at::empty({padded(weight.size(0)) * taps}, at::kFloat);
  with.depthwise.pack(weight.data_ptr<float>(), weight.size(0), taps, memory.data_ptr<float>());
  return memory;
}

template <class T>
at::Tensor unpacked(const KernelsOf<T>& with, const at::Tensor& memory, const at::Tensor& like) {
  const at::Tensor weight = at::empty(like.sizes(), at::kFloat);
  with.depthwise.unpack(memory.data_ptr<float>(), like.size(0), like.size(2) * like.size(3), weight.data_ptr<float>());
  return weight;
}

kernels::Norm view_of(const NormValues* norm) { return norm ? norm->view() : kernels::Norm{}; }

template <class T>
Depthwise pass(const KernelsOf<T>& with, const at::Tensor& x, const NormValues* norm, const at::Tensor& weight,
               int64_t stride) {
  const DepthwiseShape shape = shape_of(x, weight, stride);
  const at::Tensor taps = packed(with, weight);
  at::Tensor z = at::empty({x.size(0), shape.out_height(), shape.out_width(), shape.channels}, x.options());
  const int64_t rows = z.size(0) * z.size(1);
  const int slots = slots_for(rows, least_rows);
  const SlotMemory memory(slots, with.depthwise.workspace_size(shape));
  SlotSums sums(slots, shape.channels);
  over_slots(slots, [&](int slot) {
    const kernels::DepthwiseForward<T> to{shape,        values<T>(x), view_of(norm), values<float>(taps),
                                          values<T>(z), streams(z),   sums.of(slot)};
    over_parts(share(rows, slot, slots), shape.out_height(),
               [&](const DepthwisePart& part) { with.depthwise.forward(to, part, memory.of(slot)); });
  });
  return {std::move(z), std::move(sums)};
}

template <class T>
DepthwiseGradients pass_backward(const KernelsOf<T>& with, const ExcitedGradient& gradient, const at::Tensor& z,
                                 const NormValues& z_norm, const NormGradients& z_gradients, const at::Tensor& x,
                                 const NormValues* norm, const at::Tensor& weight, int64_t stride,
                                 const at::Tensor& residual) {
  const DepthwiseShape shape = shape_of(x, weight, stride);
  const at::Tensor taps = packed(with, weight);
  at::Tensor dx = at::empty_like(x);
  const int64_t rows = x.size(0) * x.size(1);
  const int slots = slots_for(rows, least_rows);
  const SlotMemory memory(slots, with.depthwise.workspace_size(shape));
  const at::Tensor dweights = at::zeros({slots, taps.numel()}, at::kFloat);
  SlotSums sums(slots, shape.channels);
  over_slots(slots, [&](int slot) {
    const kernels::DepthwiseBackward<T> to{shape,
                                           values<T>(gradient.t),
                                           values<T>(z),
                                           z_norm.view(),
                                           z_gradients.view(),
                                           values<float>(gradient.gate),
                                           values<float>(gradient.dpool),
                                           values<T>(x),
                                           view_of(norm),
                                           values<float>(taps),
                                           values<float>(dweights) + slot * dweights.stride(0),
                                           values<T>(dx),
                                           streams(dx),
                                           values<T>(residual),
                                           sums.of(slot)};
    over_parts(share(rows, slot, slots), shape.height,
               [&](const DepthwisePart& part) { with.depthwise.backward(to, part, memory.of(slot)); });
  });
  return {std::move(dx), unpacked(with, dweights.sum(0), weight), std::move(sums)};
}

}  // namespace

Depthwise depthwise(const Kernels& with, const at::Tensor& x, const NormValues* norm, const at::Tensor& weight,
                    int64_t stride) {
  return for_storage(with, x, [&](const auto& of) { return pass(of, x, norm, weight, stride); });
}

DepthwiseGradients depthwise_backward(const Kernels& with, const ExcitedGradient& gradient, const at::Tensor& z,
                                      const NormValues& z_norm, const NormGradients& z_gradients, const at::Tensor& x,
                                      const NormValues* norm, const at::Tensor& weight, int64_t stride,
                                      const at::Tensor& residual) {
  return for_storage(with, x, [&](const auto& of) {
    return pass_backward(of, gradient, z, z_norm, z_gradients, x, norm, weight, stride, residual);
  });
}

}  // namespace efficientnet::fused
