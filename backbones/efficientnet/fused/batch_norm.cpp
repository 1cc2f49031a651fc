#include "backbones/efficientnet/fused/batch_norm.h"

#include <ATen/ops/zeros.h>

#include <algorithm>
#include <cmath>

#include "mtl/error.h"

namespace efficientnet::fused {

using kernels::padded;

SlotSums::SlotSums(int slots, int64_t channels)
    : slots_(slots), width_(padded(channels)), sums_(static_cast<size_t>(slots * 2 * width_)) {}

kernels::ChannelSums SlotSums::of(int slot) {
  double* const first = sums_.data() + slot * 2 * width_;
  return {first, first + width_};
}

std::vector<double> SlotSums::total() const {
  std::vector<double> total(static_cast<size_t>(2 * width_));
  for (size_t i = 0; i < sums_.size(); ++i) total[i % total.size()] += sums_[i];
  return total;
}

kernels::Norm NormValues::view() const {
  const float* values = values_.data_ptr<float>();
  const int64_t width = values_.size(1);
  return {values, values + width, values + 2 * width, values + 3 * width};
}

NormValues normalize(torch::nn::BatchNorm2dImpl& norm, const SlotSums& sums, int64_t count) {
  const int64_t channels = norm.options.num_features();
  const int64_t width = padded(channels);
  const bool from_batch = norm.is_training();
  if (from_batch && count < 2)
    throw mtl::Error("batch-norm needs more than one value per channel in training; give a larger batch or input");
  const at::Tensor values = at::zeros({4, width}, at::kFloat);
  float* scale = values.data_ptr<float>();
  const float* gamma = norm.weight.data_ptr<float>();
  const float* beta = norm.bias.data_ptr<float>();
  float* running_mean = norm.running_mean.data_ptr<float>();
  float* running_variance = norm.running_var.data_ptr<float>();
  const std::vector<double> total = from_batch ? sums.total() : std::vector<double>();
  const double momentum = norm.options.momentum().value();
  const auto rows = static_cast<double>(count);
  for (int64_t c = 0; c < channels; ++c) {
    double mean = running_mean[c];
    double variance = running_variance[c];
    if (from_batch) {
      mean = total[static_cast<size_t>(c)] / rows;
      variance = std::max(0.0, total[static_cast<size_t>(width + c)] / rows - mean * mean);
      running_mean[c] = static_cast<float>((1 - momentum) * running_mean[c] + momentum * mean);
      running_variance[c] =
          static_cast<float>((1 - momentum) * running_variance[c] + momentum * variance * rows / (rows - 1));
    }
    const double inverse_deviation = 1 / std::sqrt(variance + norm.options.eps());
    scale[c] = static_cast<float>(gamma[c] * inverse_deviation);
    scale[width + c] = static_cast<float>(beta[c] - mean * gamma[c] * inverse_deviation);
    scale[2 * width + c] = static_cast<float>(mean);
    scale[3 * width + c] = static_cast<float>(inverse_deviation);
  }
  if (from_batch) {
    for (const at::Tensor& moved : {norm.running_mean, norm.running_var})
      moved.unsafeGetTensorImpl()->bump_version();  // as LibTorch notes a change in place
    norm.num_batches_tracked.add_(1);
  }
  return NormValues(values);
}

kernels::NormGradient NormGradients::view() const {
  const float* values = coefficients.data_ptr<float>();
  const int64_t width = coefficients.size(1);
  return {values, values + width, values + 2 * width};
}

NormGradients normalize_backward(const at::Tensor& gamma, const NormValues& values, const std::vector<double>& sums,
                                 int64_t count, bool frozen) {
  const int64_t channels = gamma.numel();
  const int64_t width = padded(channels);
  NormGradients gradients{at::zeros({3, width}, at::kFloat), at::empty({channels}, at::kFloat),
                          at::empty({channels}, at::kFloat)};
  float* of_gradient = gradients.coefficients.data_ptr<float>();
  const kernels::Norm norm = values.view();
  const float* gammas = gamma.data_ptr<float>();
  const auto rows = static_cast<double>(count);
  for (int64_t c = 0; c < channels; ++c) {
    const double sum = sums[static_cast<size_t>(c)];
    const double sum_x = sums[static_cast<size_t>(width + c)];
    const double slope = static_cast<double>(gammas[c]) * norm.inverse_deviation[c];
    of_gradient[c] = static_cast<float>(slope);
    if (!frozen) {
      const double per_z = slope * sum_x / rows * norm.inverse_deviation[c];
      of_gradient[width + c] = static_cast<float>(-per_z);
      of_gradient[2 * width + c] = static_cast<float>(per_z * norm.mean[c] - slope * sum / rows);
    }
    gradients.gamma.data_ptr<float>()[c] = static_cast<float>(sum_x);
    gradients.beta.data_ptr<float>()[c] = static_cast<float>(sum);
  }
  return gradients;
}

}  // namespace efficientnet::fused
