#pragma once

#include <ATen/core/Tensor.h>

/// Squeeze-and-excitation's two small products: gate = sigmoid(fc2(SiLU(fc1(pooled)))).
namespace efficientnet::fused {

struct ExciteWeights {
  at::Tensor reduce_weight;  // [squeezed, channels, 1, 1]
  at::Tensor reduce_bias;
  at::Tensor expand_weight;  // [channels, squeezed, 1, 1]
  at::Tensor expand_bias;
};

struct Excitation {
  at::Tensor hidden;  ///< before SiLU: [images, squeezed]
  at::Tensor gate;    ///< [images, padded channels]
};

/// pooled [images, padded channels].
Excitation excite(const at::Tensor& pooled, const ExciteWeights& weights);

struct ExciteGradients {
  ExciteWeights weights;
  at::Tensor pooled;  ///< [images, padded channels]
};

/// `gate_gradient` [images, padded channels] is the gradient of the gate times the gate.
ExciteGradients excite_backward(const at::Tensor& gate_gradient, const Excitation& excitation, const at::Tensor& pooled,
                                const ExciteWeights& weights);

}  // namespace efficientnet::fused
