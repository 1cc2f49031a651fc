#include "framework/train/torch_optimizer.h"

#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <string>
#include <utility>

#include "framework/train/remembered.h"
#include "framework/train/state_parts.h"
#include "mtl/error.h"

namespace mtl {
namespace {

template <class Optimizer, class Options>
std::unique_ptr<torch::optim::Optimizer> make(const Options& options, double weight_decay,
                                              const std::vector<NamedTensor>& parameters) {
  std::vector<torch::optim::OptimizerParamGroup> groups;  // one each, since each has its learning rate
  for (const NamedTensor& named : parameters)
    groups.emplace_back(
        std::vector<torch::Tensor>{named.tensor},
        std::make_unique<Options>(Options(options).weight_decay(named.tensor.dim() > 1 ? weight_decay : 0)));
  return std::make_unique<Optimizer>(std::move(groups), options);
}

std::unique_ptr<torch::optim::Optimizer> make(const OptimizerSettings& settings,
                                              const std::vector<NamedTensor>& parameters) {
  using namespace torch::optim;
  const std::string& kind = settings.kind;
  const double rate = settings.learning_rate;
  const auto betas = std::make_tuple(settings.beta1, settings.beta2);
  if (kind == "sgd")
    return make<SGD>(SGDOptions(rate).momentum(settings.momentum).nesterov(settings.nesterov), settings.weight_decay,
                     parameters);
  if (kind == "adam")
    return make<Adam>(AdamOptions(rate).betas(betas).eps(settings.epsilon), settings.weight_decay, parameters);
  if (kind == "adamw")
    return make<AdamW>(AdamWOptions(rate).betas(betas).eps(settings.epsilon), settings.weight_decay, parameters);
  if (kind == "rmsprop")
    return make<RMSprop>(RMSpropOptions(rate).alpha(settings.alpha).eps(settings.epsilon).momentum(settings.momentum),
                         settings.weight_decay, parameters);
  throw Error("there is no optimizer '" + kind + "'; there are sgd, adam, adamw and rmsprop");
}

}  // namespace

TorchOptimizer::TorchOptimizer(const OptimizerSettings& settings, const std::vector<NamedTensor>& parameters)
    : Optimizer(parameters.size()),
      kind_(settings.kind),
      parameters_(parameters),
      optimizer_(make(settings, parameters)) {}

void TorchOptimizer::step(double learning_rate, const std::vector<double>& shares) {
  std::vector<torch::optim::OptimizerParamGroup>& groups = optimizer_->param_groups();
  for (size_t i = 0; i < groups.size(); ++i) groups[i].options().set_lr(learning_rate * shares[i]);
  optimizer_->step();
}

double TorchOptimizer::gradient_norm() const {
  const torch::NoGradGuard no_grad;
  std::vector<at::Tensor> norms;
  for (const NamedTensor& named : parameters_)
    if (const at::Tensor& gradient = named.tensor.grad(); gradient.defined())
      norms.push_back(gradient.norm(2, at::kDouble));
  return norms.empty() ? 0 : torch::stack(norms).norm().item<double>();
}

void TorchOptimizer::scale_gradients(double factor) {
  const torch::NoGradGuard no_grad;
  for (const NamedTensor& named : parameters_)
    if (at::Tensor gradient = named.tensor.grad(); gradient.defined()) gradient.mul_(factor);
}

void TorchOptimizer::zero_grad() {
  for (NamedTensor& named : parameters_) named.tensor.mutable_grad().reset();
}

std::vector<NamedTensor> TorchOptimizer::state() const {
  std::vector<NamedTensor> state;
  for (const NamedTensor& named : parameters_) {
    torch::optim::OptimizerParamState* const own = remembered_of(*optimizer_, named.tensor);
    if (!own) continue;  // it had no gradient yet
    const Remembered remembered = view(kind_, *own);
    for (const auto& [what, tensor] : remembered.tensors)
      if (tensor->defined()) state.push_back({named.name + "." + what, *tensor});
    if (remembered.steps) state.push_back({named.name + ".steps", as_tensor(*remembered.steps)});
  }
  return state;
}

void TorchOptimizer::load_state(const std::vector<NamedTensor>& from) {
  for (const NamedTensor& named : parameters_) {
    auto fresh = new_param_state(kind_);
    const Remembered remembered = view(kind_, *fresh);
    bool is_known = false;
    for (const NamedTensor& given : from) {
      if (given.name == named.name + ".steps" && remembered.steps) {
        *remembered.steps = given.tensor.item<int64_t>();
        is_known = true;
      }
      for (const auto& [what, tensor] : remembered.tensors)
        if (given.name == named.name + "." + what) {
          *tensor = torch::zeros_like(named.tensor);
          is_known = true;
        }
    }
    if (is_known) remember(*optimizer_, named.tensor, std::move(fresh));
  }
  load_into(state(), from);
}

}  // namespace mtl
