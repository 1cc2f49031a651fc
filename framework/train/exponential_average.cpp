#include "framework/train/exponential_average.h"

#include <torch/utils.h>

#include <algorithm>
#include <utility>

#include "framework/train/state_parts.h"

namespace mtl {
namespace {

/// Whether two tensors' values stand in the same order in memory, as float32 on the CPU.
bool side_by_side(const at::Tensor& a, const at::Tensor& b) {
  return a.device().is_cpu() && a.scalar_type() == at::kFloat && a.is_non_overlapping_and_dense() &&
         a.strides() == b.strides();
}

}  // namespace

ExponentialAverage::ExponentialAverage(const std::vector<NamedTensor>& state, double decay)
    : state_(state), decay_(decay) {
  std::vector<int64_t> sizes;
  for (const NamedTensor& named : state_) {
    average_.push_back(named.tensor.detach().clone());
    sizes.push_back(side_by_side(named.tensor, average_.back()) ? named.tensor.numel() : 0);
    if (sizes.back() == 0) others_.push_back(average_.size() - 1);
  }
  stretches_ = Stretches(sizes);
}

void ExponentialAverage::update() {
  torch::NoGradGuard no_grad;
  const auto t = static_cast<double>(++steps_);
  const double decay = std::min(decay_, (1 + t) / (10 + t));
  stretches_.for_each([&, share = static_cast<float>(1 - decay)](const Stretch& stretch) {
    const float* const now = state_[stretch.tensor].tensor.data_ptr<float>();
    float* const average = average_[stretch.tensor].data_ptr<float>();
    for (int64_t i = stretch.begin; i < stretch.end; ++i) average[i] += share * (now[i] - average[i]);
  });
  for (const size_t i : others_)
    if (average_[i].is_floating_point())
      average_[i].lerp_(state_[i].tensor.detach(), 1 - decay);
    else
      average_[i].copy_(state_[i].tensor);
}

void ExponentialAverage::swap() {
  torch::NoGradGuard no_grad;
  for (size_t i = 0; i < state_.size(); ++i) {
    const at::Tensor held = state_[i].tensor.detach().clone();
    at::Tensor(state_[i].tensor).copy_(average_[i]);
    average_[i].copy_(held);
  }
}

std::vector<NamedTensor> ExponentialAverage::state() const {
  std::vector<NamedTensor> state;
  for (size_t i = 0; i < state_.size(); ++i) state.push_back({state_[i].name, average_[i]});
  state.push_back({"steps", as_tensor(steps_)});
  return state;
}

void ExponentialAverage::load_state(const std::vector<NamedTensor>& from) {
  const std::vector<NamedTensor> own = state();
  load_into(own, from);
  steps_ = own.back().tensor.item<int64_t>();
}

}  // namespace mtl
