#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <vector>

#include "framework/metrics/mean_meter.h"
#include "framework/report/run_result.h"

namespace mtl {

/// How the tasks' gradients lie to each other on the parameters that they share, in one batch. Values are double and
/// stay on the device; NaN for a task without a label or whose loss does not depend on these parameters.
struct TaskGradients {
  std::vector<at::Tensor> norms;    ///< [T] of []: of each loss's whole gradient
  std::vector<at::Tensor> cosines;  ///< [T] of []: of the angle to the main task's gradient
};

/// A tensor per shared parameter, undefined where a task's loss does not depend on it; empty where it has no label.
using GradientOf = std::function<std::vector<at::Tensor>(size_t task)>;

/// From T gradients, asked for one by one: two are in memory at most, the main task's and another's.
TaskGradients task_gradients(size_t tasks, size_t main_task, const GradientOf& gradient_of, const at::Device& device);

/// Measures them on `measured` batches of an epoch, spread evenly over it, or wherever the Gramian is known anyway.
class GradientMeter {
 public:
  GradientMeter(size_t tasks, size_t main_task, int64_t measured, const at::Device& device);

  /// Whether batch `index` (from 0) of an epoch's `batches` is one of those.
  bool is_due(int64_t index, int64_t batches) const;
  void add(const GradientOf& gradient_of);
  /// From the inner products of the tasks' gradients, [T,T] row by row.
  void add(const std::vector<double>& gramian, const std::vector<bool>& labelled);
  void reset();
  /// The means since reset() over the batches that gave a number; nothing where none is to be measured. Waits for the
  /// device.
  void write_to(EpochResult& result) const;

  std::vector<NamedTensor> state() const;
  void load_state(const std::vector<NamedTensor>& state, const at::Device& device);

 private:
  void add(const TaskGradients& measured);

  size_t main_task_;
  int64_t measured_;
  at::Device device_;
  std::vector<MeanMeter> norms_, cosines_, conflicts_;
};

}  // namespace mtl
