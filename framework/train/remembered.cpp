#include "framework/train/remembered.h"

#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <sstream>
#include <type_traits>

namespace mtl {
namespace {

using namespace torch::optim;

template <class Adam>
Remembered view_of_adam(Adam& state) {
  return {{{"exp_avg", &state.exp_avg()}, {"exp_avg_sq", &state.exp_avg_sq()}}, &state.step()};
}

/// LibTorch's key for a parameter: its address, which 1.13 holds as text.
template <class Key>
Key key_of(const at::Tensor& parameter) {
  if constexpr (std::is_same_v<Key, std::string>) {
    std::ostringstream text;
    text << parameter.unsafeGetTensorImpl();
    return text.str();
  } else {
    return parameter.unsafeGetTensorImpl();
  }
}

using States = std::decay_t<decltype(std::declval<Optimizer>().state())>;

States::key_type key_in(const at::Tensor& parameter) { return key_of<States::key_type>(parameter); }

}  // namespace

Remembered view(const std::string& kind, OptimizerParamState& state) {
  if (kind == "sgd") return {{{"momentum_buffer", &static_cast<SGDParamState&>(state).momentum_buffer()}}};
  if (kind == "adam") return view_of_adam(static_cast<AdamParamState&>(state));
  if (kind == "adamw") return view_of_adam(static_cast<AdamWParamState&>(state));
  auto& own = static_cast<RMSpropParamState&>(state);
  return {{{"square_avg", &own.square_avg()}, {"momentum_buffer", &own.momentum_buffer()}}, &own.step()};
}

std::unique_ptr<OptimizerParamState> new_param_state(const std::string& kind) {
  if (kind == "sgd") return std::make_unique<SGDParamState>();
  if (kind == "adam") return std::make_unique<AdamParamState>();
  if (kind == "adamw") return std::make_unique<AdamWParamState>();
  return std::make_unique<RMSpropParamState>();
}

OptimizerParamState* remembered_of(Optimizer& optimizer, const at::Tensor& parameter) {
  auto& states = optimizer.state();
  const auto found = states.find(key_in(parameter));
  return found == states.end() ? nullptr : found->second.get();
}

void remember(Optimizer& optimizer, const at::Tensor& parameter, std::unique_ptr<OptimizerParamState> state) {
  optimizer.state()[key_in(parameter)] = std::move(state);
}

}  // namespace mtl
