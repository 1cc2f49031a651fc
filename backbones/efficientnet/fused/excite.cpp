#include "backbones/efficientnet/fused/excite.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/constant_pad_nd.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/silu.h>
#include <ATen/ops/silu_backward.h>

#include "backbones/efficientnet/kernels/layout.h"

namespace efficientnet::fused {
namespace {

at::Tensor with_padding(const at::Tensor& rows) {
  return at::constant_pad_nd(rows, {0, kernels::padded(rows.size(1)) - rows.size(1)}).contiguous();
}

}  // namespace

Excitation excite(const at::Tensor& pooled, const ExciteWeights& weights) {
  const int64_t channels = weights.expand_weight.size(0);
  const at::Tensor hidden =
      at::addmm(weights.reduce_bias, pooled.narrow(1, 0, channels), weights.reduce_weight.flatten(1).t());
  const at::Tensor gate = at::addmm(weights.expand_bias, at::silu(hidden), weights.expand_weight.flatten(1).t());
  return {hidden, with_padding(at::sigmoid(gate))};
}

ExciteGradients excite_backward(const at::Tensor& gate_gradient, const Excitation& excitation, const at::Tensor& pooled,
                                const ExciteWeights& weights) {
  const int64_t channels = weights.expand_weight.size(0);
  // sigmoid' = gate * (1 - gate), and one factor gate is in the gradient already
  const at::Tensor dgate = gate_gradient.narrow(1, 0, channels) * (1 - excitation.gate.narrow(1, 0, channels));
  const at::Tensor squeezed = at::silu(excitation.hidden);
  const at::Tensor dhidden = at::silu_backward(at::mm(dgate, weights.expand_weight.flatten(1)), excitation.hidden);
  return {{at::mm(dhidden.t(), pooled.narrow(1, 0, channels)).view_as(weights.reduce_weight), dhidden.sum(0),
           at::mm(dgate.t(), squeezed).view_as(weights.expand_weight), dgate.sum(0)},
          with_padding(at::mm(dhidden, weights.reduce_weight.flatten(1)))};
}

}  // namespace efficientnet::fused
