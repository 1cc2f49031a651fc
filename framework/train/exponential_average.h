#pragma once

#include <cstdint>
#include <vector>

#include "framework/model/multi_task_model.h"
#include "framework/train/stretches.h"

namespace mtl {

/// The exponential moving average of a model's state: after step t, average = d average + (1-d) state with
/// d = min(decay, (1+t)/(10+t)), so that the random start is soon forgotten. Tensors of whole numbers are copied.
class ExponentialAverage {
 public:
  ExponentialAverage(const std::vector<NamedTensor>& state, double decay);
  void update();
  /// Exchanges the averaged values with the model's; twice is as before.
  void swap();

  std::vector<NamedTensor> state() const;
  /// Continues from another's state() of the same model. Throws mtl::Error where it is not.
  void load_state(const std::vector<NamedTensor>& state);

 private:
  std::vector<NamedTensor> state_;
  std::vector<at::Tensor> average_;
  Stretches stretches_;         // of float32 on the CPU
  std::vector<size_t> others_;  // for LibTorch
  double decay_;
  int64_t steps_ = 0;
};

/// Holds the averaged values in the model while it lives; without an average it does nothing.
class AveragedScope {
 public:
  explicit AveragedScope(ExponentialAverage* average) : average_(average) {
    if (average_) average_->swap();
  }
  AveragedScope(const AveragedScope&) = delete;
  AveragedScope& operator=(const AveragedScope&) = delete;
  ~AveragedScope() {
    if (average_) average_->swap();
  }

 private:
  ExponentialAverage* average_;
};

}  // namespace mtl
