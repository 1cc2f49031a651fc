#include "framework/train/torch_optimizer.h"

#include <torch/nn/utils/clip_grad.h>
#include <torch/optim/adam.h>
#include <torch/optim/adamw.h>
#include <torch/optim/rmsprop.h>
#include <torch/optim/sgd.h>

#include <string>
#include <utility>

#include "mtl/error.h"

namespace mtl {
namespace {

template <class Optimizer, class Options>
std::unique_ptr<torch::optim::Optimizer> make(const Options& options, double weight_decay,
                                              const std::vector<NamedTensor>& parameters) {
  std::vector<torch::Tensor> decayed, plain;
  for (const NamedTensor& named : parameters) (named.tensor.dim() > 1 ? decayed : plain).push_back(named.tensor);
  std::vector<torch::optim::OptimizerParamGroup> groups;
  groups.emplace_back(std::move(decayed), std::make_unique<Options>(Options(options).weight_decay(weight_decay)));
  groups.emplace_back(std::move(plain), std::make_unique<Options>(Options(options).weight_decay(0)));
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
    : optimizer_(make(settings, parameters)) {}

void TorchOptimizer::step(double learning_rate) {
  for (torch::optim::OptimizerParamGroup& group : optimizer_->param_groups()) group.options().set_lr(learning_rate);
  optimizer_->step();
}

void TorchOptimizer::clip(double largest_norm) {
  std::vector<at::Tensor> parameters;
  for (const torch::optim::OptimizerParamGroup& group : optimizer_->param_groups())
    parameters.insert(parameters.end(), group.params().begin(), group.params().end());
  torch::nn::utils::clip_grad_norm_(parameters, largest_norm);
}

void TorchOptimizer::zero_grad() {
  for (torch::optim::OptimizerParamGroup& group : optimizer_->param_groups())
    for (at::Tensor& parameter : group.params()) parameter.mutable_grad().reset();
}

}  // namespace mtl
