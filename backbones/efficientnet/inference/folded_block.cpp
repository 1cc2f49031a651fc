#include "backbones/efficientnet/inference/folded_block.h"

#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/rsqrt.h>

namespace efficientnet::inference {
namespace {

using kernels::KernelsOf;
using kernels::padded;

/// The last dimension filled up with zeros.
at::Tensor with_padding(const at::Tensor& values) {
  const int64_t size = values.size(-1);
  return at::constant_pad_nd(values, {0, padded(size) - size}).contiguous();
}

struct Folded {
  at::Tensor weight;  // like the convolution's
  at::Tensor bias;    // [out]
};

/// In float64, so that folding adds one rounding and no more.
Folded fold(const fused::NormedConvolution& from) {
  const at::Tensor weight = from.convolution->weight.detach().to(at::kDouble);
  const at::Tensor scale = from.norm->weight.detach().to(at::kDouble) *
                           at::rsqrt(from.norm->running_var.to(at::kDouble) + from.norm->options.eps());
  const at::Tensor bias = from.norm->bias.detach().to(at::kDouble) - from.norm->running_mean.to(at::kDouble) * scale;
  return {(weight * scale.view({-1, 1, 1, 1})).to(at::kFloat), bias.to(at::kFloat)};
}

template <class T>
FoldedConvolution folded_depthwise(const KernelsOf<T>& with, const fused::NormedConvolution& from) {
  const Folded folded = fold(from);
  const at::Tensor weight = folded.weight.contiguous();
  const int64_t channels = weight.size(0);
  const int64_t taps = weight.size(2) * weight.size(3);
  const at::Tensor packed = at::empty({padded(channels) * taps}, at::kFloat);
  with.depthwise.pack(weight.data_ptr<float>(), channels, taps, packed.data_ptr<float>());
  return {packed, with_padding(folded.bias), taps, channels};
}

}  // namespace

template <class T>
FoldedConvolution folded_product(const KernelsOf<T>& with, const fused::NormedConvolution& from) {
  const Folded folded = fold(from);
  const at::Tensor weight = folded.weight.permute({0, 2, 3, 1}).contiguous();  // the stem's in the order of the patches
  const int64_t n = weight.size(0);
  const int64_t k = weight.numel() / n;
  const at::Tensor packed = at::empty({with.products.packed_size(k, n)}, at::kFloat);
  with.products.pack({weight.data_ptr<float>(), k, n, 1, k}, {0, padded(n)}, packed.data_ptr<float>());
  return {packed, with_padding(folded.bias), k, n};
}

template <class T>
FoldedBlock folded(const KernelsOf<T>& with, const fused::Block& from) {
  FoldedBlock to;
  to.entry_kind = from.entry_kind;
  if (from.entry_kind != fused::Entry::none) to.entry = folded_product(with, from.entry);
  to.depthwise = folded_depthwise(with, from.depthwise);
  to.kernel = from.depthwise.convolution->weight.size(2);
  to.stride = from.depthwise.convolution->options.stride()->at(0);
  to.squeezed = from.reduce->weight.size(0);
  to.reduce = with_padding(from.reduce->weight.detach().flatten(1));
  to.reduce_bias = from.reduce->bias.detach().clone();
  to.excite = with_padding(from.excite->weight.detach().flatten(1).t());
  to.excite_bias = with_padding(from.excite->bias.detach());
  to.project = folded_product(with, from.project);
  to.has_residual = from.has_residual;
  return to;
}

template FoldedConvolution folded_product(const KernelsOf<float>&, const fused::NormedConvolution&);
template FoldedConvolution folded_product(const KernelsOf<kernels::bfloat16>&, const fused::NormedConvolution&);
template FoldedBlock folded(const KernelsOf<float>&, const fused::Block&);
template FoldedBlock folded(const KernelsOf<kernels::bfloat16>&, const fused::Block&);

}  // namespace efficientnet::inference
