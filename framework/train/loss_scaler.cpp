#include "framework/train/loss_scaler.h"

#include <torch/types.h>

#include "framework/train/state_parts.h"

namespace mtl {

bool LossScaler::unscale(const std::vector<NamedTensor>& parameters) {
  if (!active_) return true;
  constexpr int64_t growth_interval = 2000;
  at::Tensor finite;
  for (const NamedTensor& named : parameters) {
    at::Tensor gradient = named.tensor.grad();
    if (!gradient.defined()) continue;
    gradient.div_(scale_);
    const at::Tensor good = torch::isfinite(gradient.sum());
    finite = finite.defined() ? finite.logical_and(good) : good;
  }
  if (finite.defined() && !finite.item<bool>()) {
    scale_ /= 2;
    good_steps_ = 0;
    return false;
  }
  if (++good_steps_ % growth_interval == 0) scale_ *= 2;
  return true;
}

std::vector<NamedTensor> LossScaler::state() const {
  return {{"scale", as_tensor(scale_)}, {"good_steps", as_tensor(good_steps_)}};
}

void LossScaler::load_state(const std::vector<NamedTensor>& from) {
  const std::vector<NamedTensor> own = state();
  load_into(own, from);
  scale_ = own[0].tensor.item<double>();
  good_steps_ = own[1].tensor.item<int64_t>();
}

}  // namespace mtl
