#pragma once

#include "framework/train/optimizer.h"
#include "framework/train/stretches.h"

namespace mtl {

/// LibTorch's update rules in one pass over all parameters, on all threads. Equal to LibTorch's but for the rounding of
/// the last digit.
class FusedOptimizer : public Optimizer {
 public:
  /// Whether all of them are float32 on the CPU and without gaps in memory.
  static bool takes(const std::vector<NamedTensor>& parameters);

  FusedOptimizer(const OptimizerSettings& settings, const std::vector<NamedTensor>& parameters);
  double gradient_norm() const override;
  void scale_gradients(double factor) override;
  void step(double learning_rate, const std::vector<double>& shares) override;
  using Optimizer::step;
  void zero_grad() override;
  std::vector<NamedTensor> state() const override;
  void load_state(const std::vector<NamedTensor>& state) override;

 private:
  struct Moved {
    std::string name;
    at::Tensor parameter;
    double weight_decay;
    at::Tensor first,
        second;         // what the rule remembers, float32, as large as the parameter; undefined where it does not
    int64_t steps = 0;  // with a gradient
  };
  std::vector<at::Tensor> gradients() const;
  void move(const Moved& moved, const float* gradient, double learning_rate, const Stretch& stretch) const;

  OptimizerSettings settings_;
  std::vector<Moved> moved_;
  Stretches stretches_;
};

}  // namespace mtl
