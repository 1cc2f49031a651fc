#pragma once

#include <torch/optim/optimizer.h>

#include "framework/train/optimizer.h"

namespace mtl {

/// LibTorch's optimizer of that kind over two groups, of which one decays.
class TorchOptimizer : public Optimizer {
 public:
  TorchOptimizer(const OptimizerSettings& settings, const std::vector<NamedTensor>& parameters);
  double gradient_norm() const override;
  void scale_gradients(double factor) override;
  void step(double learning_rate, const std::vector<double>& shares) override;
  using Optimizer::step;
  void zero_grad() override;
  std::vector<NamedTensor> state() const override;
  void load_state(const std::vector<NamedTensor>& state) override;

 private:
  std::string kind_;
  std::vector<NamedTensor> parameters_;
  std::unique_ptr<torch::optim::Optimizer> optimizer_;
};

}  // namespace mtl
