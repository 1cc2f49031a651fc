#pragma once

#include <torch/optim/optimizer.h>

#include <memory>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

/// LibTorch's optimizer of that kind over two groups: weights, which decay, and batch-norm's and biases (every tensor
/// of one dimension), which do not.
std::unique_ptr<torch::optim::Optimizer> make_optimizer(const OptimizerSettings& settings,
                                                        const std::vector<NamedTensor>& parameters);

void set_learning_rate(torch::optim::Optimizer& optimizer, double learning_rate);

}  // namespace mtl
