#pragma once

#include <memory>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

class Optimizer {
 public:
  explicit Optimizer(size_t parameters) : count_(parameters) {}
  virtual ~Optimizer() = default;
  /// Shortens the gradient of all parameters together to `largest_norm` (Pascanu et al., ICML 2013) if it is longer; 0
  /// never does. Returns the norm that it had: where that is no finite number, nothing is changed.
  double clip(double largest_norm);
  /// The norm of all parameters' gradients together; no finite number where one of them holds none. Waits for the
  /// device.
  virtual double gradient_norm() const = 0;
  virtual void scale_gradients(double factor) = 0;
  /// Moves every parameter that has a gradient. `shares`, one for each parameter, multiply the learning rate.
  virtual void step(double learning_rate, const std::vector<double>& shares) = 0;
  void step(double learning_rate) { step(learning_rate, std::vector<double>(count_, 1.0)); }
  /// Takes the gradients away: the next backward pass writes them instead of adding to them.
  virtual void zero_grad() = 0;

  /// What the rule remembers of each parameter, as "PARAMETER.WHAT".
  virtual std::vector<NamedTensor> state() const = 0;
  /// Continues from another's state() of the same kind and parameters. Throws mtl::Error where it is not.
  virtual void load_state(const std::vector<NamedTensor>& state) = 0;

 private:
  size_t count_;
};

/// SGD with momentum, Adam, AdamW or RMSprop; weight decay leaves out every tensor of one dimension (batch-norm,
/// biases). Parameters in float32 on the CPU are moved in one pass over all of them, others by LibTorch's own
/// optimizer.
std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings,
                                          const std::vector<NamedTensor>& parameters);

}  // namespace mtl
