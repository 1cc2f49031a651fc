#include "framework/train/exponential_average.h"

#include <torch/utils.h>

#include <algorithm>

namespace mtl {

ExponentialAverage::ExponentialAverage(const std::vector<NamedTensor>& state, double decay)
    : state_(state), decay_(decay) {
  for (const NamedTensor& named : state_) average_.push_back(named.tensor.detach().clone());
}

void ExponentialAverage::update() {
  torch::NoGradGuard no_grad;
  const auto t = static_cast<double>(++steps_);
  const double decay = std::min(decay_, (1 + t) / (10 + t));
  for (size_t i = 0; i < state_.size(); ++i) {
    if (average_[i].is_floating_point())
      average_[i].lerp_(state_[i].tensor.detach(), 1 - decay);
    else
      average_[i].copy_(state_[i].tensor);
  }
}

void ExponentialAverage::swap() {
  torch::NoGradGuard no_grad;
  for (size_t i = 0; i < state_.size(); ++i) {
    const at::Tensor held = state_[i].tensor.detach().clone();
    at::Tensor(state_[i].tensor).copy_(average_[i]);
    average_[i].copy_(held);
  }
}

}  // namespace mtl
