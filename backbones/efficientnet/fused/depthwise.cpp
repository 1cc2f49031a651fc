#include "backbones/efficientnet/fused/depthwise.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/zeros.h>

#include "backbones/efficientnet/fused/slots.h"

namespace efficientnet::fused {
namespace {

using kernels::DepthwisePart;
using kernels::DepthwiseShape;
using kernels::Kernels;
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

at::Tensor packed(const Kernels& with, const at::Tensor& weight) {
  const int64_t taps = weight.size(2) * weight.size(3);
  const at::Tensor memory = at::empty({padded(weight.size(0)) * taps}, at::kFloat);
  with.depthwise.pack(weight.data_ptr<float>(), weight.size(0), taps, memory.data_ptr<float>());
  return memory;
}

at::Tensor unpacked(const Kernels& with, const at::Tensor& memory, const at::Tensor& like) {
  const at::Tensor weight = at::empty(like.sizes(), at::kFloat);
  with.depthwise.unpack(memory.data_ptr<float>(), like.size(0), like.size(2) * like.size(3), weight.data_ptr<float>());
  return weight;
}

kernels::Norm view_of(const NormValues* norm) { return norm ? norm->view() : kernels::Norm{}; }

}  // namespace

Depthwise depthwise(const Kernels& with, const at::Tensor& x, const NormValues* norm, const at::Tensor& weight,
                    int64_t stride) {
  const DepthwiseShape shape = shape_of(x, weight, stride);
  const at::Tensor taps = packed(with, weight);
  at::Tensor z = at::empty({x.size(0), shape.out_height(), shape.out_width(), shape.channels}, at::kFloat);
  const int64_t rows = z.size(0) * z.size(1);
  const int slots = slots_for(rows, least_rows);
  const SlotMemory memory(slots, with.depthwise.workspace_size(shape));
  SlotSums sums(slots, shape.channels);
  over_slots(slots, [&](int slot) {
    const kernels::DepthwiseForward to{
        shape,      x.data_ptr<float>(), view_of(norm), taps.data_ptr<float>(), z.data_ptr<float>(),
        streams(z), sums.of(slot)};
    over_parts(share(rows, slot, slots), shape.out_height(),
               [&](const DepthwisePart& part) { with.depthwise.forward(to, part, memory.of(slot)); });
  });
  return {std::move(z), std::move(sums)};
}

DepthwiseGradients depthwise_backward(const Kernels& with, const ExcitedGradient& gradient, const at::Tensor& z,
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
    const kernels::DepthwiseBackward to{shape,
                                        gradient.t.data_ptr<float>(),
                                        z.data_ptr<float>(),
                                        z_norm.view(),
                                        z_gradients.view(),
                                        gradient.gate.data_ptr<float>(),
                                        gradient.dpool.data_ptr<float>(),
                                        x.data_ptr<float>(),
                                        view_of(norm),
                                        taps.data_ptr<float>(),
                                        dweights.data_ptr<float>() + slot * dweights.stride(0),
                                        dx.data_ptr<float>(),
                                        streams(dx),
                                        residual.defined() ? residual.data_ptr<float>() : nullptr,
                                        sums.of(slot)};
    over_parts(share(rows, slot, slots), shape.height,
               [&](const DepthwisePart& part) { with.depthwise.backward(to, part, memory.of(slot)); });
  });
  return {std::move(dx), unpacked(with, dweights.sum(0), weight), std::move(sums)};
}

}  // namespace efficientnet::fused
