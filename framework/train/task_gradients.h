#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "framework/metrics/mean_meter.h"
#include "framework/model/multi_task_model.h"
#include "framework/report/run_result.h"
#include "framework/train/task_losses.h"

namespace mtl {

/// How the tasks' gradients lie to each other on the parameters that they share, in one batch. Values are double and
/// stay on the device; NaN for a task without a label or whose loss does not depend on these parameters.
struct TaskGradients {
  std::vector<at::Tensor> norms;    ///< [T] of []: of each loss's whole gradient
  std::vector<at::Tensor> cosines;  ///< [T] of []: of the angle to the main task's gradient
};

/// A backward pass per task, through a graph that is kept; no parameter's own gradient is changed. Gradients are those
/// of loss x `loss_scale`, so that float16 holds them, and the norms are divided by it. Two gradients are in memory at
/// most: the main task's and another's.
TaskGradients task_gradients(const std::vector<TaskLoss>& losses, size_t main_task,
                             const std::vector<at::Tensor>& shared, double loss_scale = 1);

/// Measures them on `measured` batches of an epoch, spread evenly over it, on the backbone's parameters that learn.
class GradientMeter {
 public:
  GradientMeter(MultiTaskModel& model, size_t main_task, int64_t measured);

  /// Whether batch `index` (from 0) of an epoch's `batches` is one of those.
  bool is_due(int64_t index, int64_t batches) const;
  void add(const std::vector<TaskLoss>& losses, double loss_scale);
  void reset();
  /// The means since reset() over the batches that gave a number; nothing where none is to be measured. Waits for the
  /// device.
  void write_to(EpochResult& result) const;

  std::vector<NamedTensor> state() const;
  void load_state(const std::vector<NamedTensor>& state, const at::Device& device);

 private:
  MultiTaskModel& model_;
  size_t main_task_;
  int64_t measured_;
  std::vector<MeanMeter> norms_, cosines_;
};

}  // namespace mtl
