#pragma once

#include <vector>

#include "framework/metrics/mean_meter.h"
#include "framework/report/run_result.h"
#include "framework/train/task_losses.h"

namespace mtl {

/// A batch's losses, without their graph, and the weights that they had.
struct WeightedLosses {
  std::vector<at::Tensor> per_sample, labelled;  ///< [T] of [N]
  std::vector<double> weights;                   ///< [T]
};

/// An epoch's mean training losses and weights per task.
class EpochMeters {
 public:
  explicit EpochMeters(size_t tasks) : losses_(tasks), weights_(tasks) {}
  void reset();
  void add(const WeightedLosses& batch);
  void write_to(EpochResult& result) const;  ///< waits for the device

  std::vector<NamedTensor> state() const;
  /// Throws mtl::Error where the state is another number of tasks'.
  void load_state(const std::vector<NamedTensor>& state, const at::Device& device);

 private:
  std::vector<MeanMeter> losses_;
  std::vector<double> weights_;  // means
  int64_t batches_ = 0;
};

}  // namespace mtl
