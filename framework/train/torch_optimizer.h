#pragma once

#include <torch/optim/optimizer.h>

#include "framework/train/optimizer.h"

namespace mtl {

/// LibTorch's optimizer of that kind over two groups, of which one decays.
class TorchOptimizer : public Optimizer {
 public:
  TorchOptimizer(const OptimizerSettings& settings, const std::vector<NamedTensor>& parameters);
  void clip(double largest_norm) override;
  void step(double learning_rate, const std::vector<double>& shares) override;
  using Optimizer::step;
  void zero_grad() override;

 private:
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

}  // namespace mtl
