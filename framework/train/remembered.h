#pragma once

#include <torch/optim/optimizer.h>

#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace mtl {

/// What one of LibTorch's rules remembers of a parameter, under LibTorch's names; a tensor may be undefined.
struct Remembered {
  std::vector<std::pair<const char*, at::Tensor*>> tensors;
  int64_t* steps = nullptr;  ///< null where the rule counts none
};

/// `kind` is one of train.optimizer.kind.
Remembered view(const std::string& kind, torch::optim::OptimizerParamState& state);
std::unique_ptr<torch::optim::OptimizerParamState> new_param_state(const std::string& kind);

/// Null where the optimizer remembers nothing of the parameter.
torch::optim::OptimizerParamState* remembered_of(torch::optim::Optimizer& optimizer, const at::Tensor& parameter);
void remember(torch::optim::Optimizer& optimizer, const at::Tensor& parameter,
              std::unique_ptr<torch::optim::OptimizerParamState> state);

}  // namespace mtl
