#pragma once

#include <torch/nn/modules/batchnorm.h>

#include <utility>
#include <vector>

#include "backbones/efficientnet/kernels/layout.h"

/// Batch-norm as the kernels take it: sums over the rows become a scale and a shift per channel, and backwards three
/// coefficients.
namespace efficientnet::fused {

/// Two sums per channel from each slot, float64 [slots, 2, padded channels].
class SlotSums {
 public:
  SlotSums(int slots, int64_t channels);
  kernels::ChannelSums of(int slot);
  /// [2, padded channels], added up in the order of the slots.
  std::vector<double> total() const;

 private:
  int slots_;
  int64_t width_;
  std::vector<double> sums_;
};

/// What a norm did in one forward pass: float32 [4, padded channels].
class NormValues {
 public:
  NormValues() = default;
  explicit NormValues(at::Tensor values) : values_(std::move(values)) {}
  const at::Tensor& tensor() const { return values_; }
  kernels::Norm view() const;

 private:
  at::Tensor values_;
};

/// `sums`: of z and z^2 over `count` rows. In training the batch's statistics are used and the running ones moved, as
/// BatchNorm2d does; else the running ones. Throws mtl::Error for a batch of a single value per channel.
NormValues normalize(torch::nn::BatchNorm2dImpl& norm, const SlotSums& sums, int64_t count);

struct NormGradients {
  at::Tensor coefficients;  ///< float32 [3, padded channels]
  at::Tensor gamma;
  at::Tensor beta;
  kernels::NormGradient view() const;
};

/// `sums` [2, padded channels]: of the gradient and of gradient * x^ over `count` rows. `frozen`: the statistics were
/// the running ones, which do not depend on z.
NormGradients normalize_backward(const at::Tensor& gamma, const NormValues& values, const std::vector<double>& sums,
                                 int64_t count, bool frozen);

}  // namespace efficientnet::fused
