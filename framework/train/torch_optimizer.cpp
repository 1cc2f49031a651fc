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
    : Optimizer(parameters.size()), optimizer_(make(settings, parameters)) {}

void TorchOptimizer::step(double learning_rate, const std::vector<double>& shares) {
  std::vector<torch::optim::OptimizerParamGroup>& groups = optimizer_->param_groups();
  for (size_t i = 0; i < groups.size(); ++i) groups[i].options().set_lr(learning_rate * shares[i]);
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
