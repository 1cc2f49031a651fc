#include "framework/metrics/mean_meter.h"

#include <torch/types.h>

#include <limits>

namespace mtl {

void MeanMeter::add(const at::Tensor& values, const at::Tensor& counted) {
  const at::Tensor kept =
      torch::where(counted, values.detach().to(at::kDouble), torch::zeros({}, values.options().dtype(at::kDouble)));
  const at::Tensor sum = kept.sum(), count = counted.sum();
  sum_ = sum_.defined() ? sum_ + sum : sum;
  count_ = count_.defined() ? count_ + count : count;
}

double MeanMeter::value() const {
  if (!count_.defined() || count_.item<int64_t>() == 0) return std::numeric_limits<double>::quiet_NaN();
  return sum_.item<double>() / static_cast<double>(count_.item<int64_t>());
}

void MeanMeter::reset() { sum_ = count_ = at::Tensor(); }

std::vector<NamedTensor> MeanMeter::state(const std::string& name) const {
  if (!sum_.defined()) return {};
  return {{name + ".sum", sum_}, {name + ".count", count_}};
}

void MeanMeter::load_state(const std::string& name, const std::vector<NamedTensor>& state, const at::Device& device) {
  reset();
  for (const NamedTensor& named : state) {
    if (named.name == name + ".sum") sum_ = named.tensor.to(device, at::kDouble, /*non_blocking=*/false, /*copy=*/true);
    if (named.name == name + ".count")
      count_ = named.tensor.to(device, at::kLong, /*non_blocking=*/false, /*copy=*/true);
  }
}

}  // namespace mtl
