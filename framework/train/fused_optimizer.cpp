#include "framework/train/fused_optimizer.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

#include "framework/train/state_parts.h"
#include "framework/train/update_rules.h"
#include "mtl/error.h"

namespace mtl {
namespace {

std::vector<int64_t> sizes_of(const std::vector<NamedTensor>& tensors) {
  std::vector<int64_t> sizes;
  for (const NamedTensor& named : tensors) sizes.push_back(named.tensor.numel());
  return sizes;
}

/// How many tensors as large as the parameter the rule remembers.
int remembered(const OptimizerSettings& settings) {
  if (settings.kind == "adam" || settings.kind == "adamw") return 2;
  return (settings.kind == "rmsprop" ? 1 : 0) + (settings.momentum > 0 ? 1 : 0);
}

/// The gradient in its parameter's order in memory.
at::Tensor ordered_like(const at::Tensor& parameter, const at::Tensor& gradient) {
  return gradient.strides() == parameter.strides() ? gradient : torch::empty_like(parameter).copy_(gradient);
}

}  // namespace

bool FusedOptimizer::takes(const std::vector<NamedTensor>& parameters) {
  return std::all_of(parameters.begin(), parameters.end(), [](const NamedTensor& named) {
    return named.tensor.device().is_cpu() && named.tensor.scalar_type() == at::kFloat &&
           named.tensor.is_non_overlapping_and_dense();
  });
}

FusedOptimizer::FusedOptimizer(const OptimizerSettings& settings, const std::vector<NamedTensor>& parameters)
    : Optimizer(parameters.size()), settings_(settings), stretches_(sizes_of(parameters)) {
  const torch::NoGradGuard no_grad;
  const int count = remembered(settings);
  for (const NamedTensor& named : parameters) {
    Moved moved{named.name, named.tensor, named.tensor.dim() > 1 ? settings.weight_decay : 0, {}, {}};
    if (count > 0) moved.first = torch::zeros_like(named.tensor);
    if (count > 1) moved.second = torch::zeros_like(named.tensor);
    moved_.push_back(std::move(moved));
  }
}

/// One for each parameter, in its order in memory; undefined where there is none.
std::vector<at::Tensor> FusedOptimizer::gradients() const {
  std::vector<at::Tensor> all;
  for (const Moved& moved : moved_) {
    const at::Tensor& gradient = moved.parameter.grad();
    all.push_back(gradient.defined() ? ordered_like(moved.parameter, gradient) : gradient);
  }
  return all;
}

double FusedOptimizer::gradient_norm() const {
  const torch::NoGradGuard no_grad;
  const std::vector<at::Tensor> all = gradients();
  return std::sqrt(stretches_.sum([&](const Stretch& stretch) {
    const at::Tensor& gradient = all[stretch.tensor];
    return gradient.defined()
               ? update_rules::sum_of_squares(stretch.end - stretch.begin, gradient.data_ptr<float>() + stretch.begin)
               : 0;
  }));
}

void FusedOptimizer::scale_gradients(double factor) {
  const torch::NoGradGuard no_grad;
  const std::vector<at::Tensor> all = gradients();
  stretches_.for_each([&, share = static_cast<float>(factor)](const Stretch& stretch) {
    if (!all[stretch.tensor].defined()) return;
    float* const values = all[stretch.tensor].data_ptr<float>();
    for (int64_t i = stretch.begin; i < stretch.end; ++i) values[i] *= share;
  });
  for (size_t i = 0; i < all.size(); ++i)
    if (all[i].defined()) moved_[i].parameter.mutable_grad() = all[i];
}

void FusedOptimizer::step(double learning_rate, const std::vector<double>& shares) {
  const torch::NoGradGuard no_grad;
  const std::vector<at::Tensor> all = gradients();
  for (size_t i = 0; i < all.size(); ++i) {
    if (!all[i].defined()) continue;
    ++moved_[i].steps;
    moved_[i].parameter.unsafeGetTensorImpl()->bump_version();  // as LibTorch notes a change in place
  }
  stretches_.for_each([&](const Stretch& stretch) {
    const at::Tensor& gradient = all[stretch.tensor];
    if (!gradient.defined()) return;
    move(moved_[stretch.tensor], gradient.data_ptr<float>(), learning_rate * shares[stretch.tensor], stretch);
  });
}

void FusedOptimizer::move(const Moved& moved, const float* gradient, double learning_rate,
                          const Stretch& stretch) const {
  const auto at = [&](const at::Tensor& tensor) {
    return tensor.defined() ? tensor.data_ptr<float>() + stretch.begin : nullptr;
  };
  const int64_t count = stretch.end - stretch.begin;
  const update_rules::Rates rates{learning_rate, moved.weight_decay, moved.steps};
  gradient += stretch.begin;
  if (settings_.kind == "sgd")
    update_rules::sgd(settings_, rates, count, gradient, at(moved.parameter), at(moved.first));
  else if (settings_.kind == "rmsprop")
    update_rules::rmsprop(settings_, rates, count, gradient, at(moved.parameter), at(moved.first), at(moved.second));
  else
    update_rules::adam(settings_, rates, settings_.kind == "adamw", count, gradient, at(moved.parameter),
                       at(moved.first), at(moved.second));
}

void FusedOptimizer::zero_grad() {
  for (Moved& moved : moved_) moved.parameter.mutable_grad().reset();
}

std::vector<NamedTensor> FusedOptimizer::state() const {
  std::vector<NamedTensor> state;
  for (const Moved& moved : moved_) {
    if (moved.first.defined()) state.push_back({moved.name + ".first", moved.first});
    if (moved.second.defined()) state.push_back({moved.name + ".second", moved.second});
    state.push_back({moved.name + ".steps", as_tensor(moved.steps)});
  }
  return state;
}

void FusedOptimizer::load_state(const std::vector<NamedTensor>& from) {
  const std::vector<NamedTensor> own = state();
  load_into(own, from);
  size_t i = 0;
  for (Moved& moved : moved_) {
    i += moved.first.defined() + moved.second.defined();
    moved.steps = own[i++].tensor.item<int64_t>();
  }
}

}  // namespace mtl
