#pragma once

#include <vector>

#include "framework/metrics/mean_meter.h"
#include "framework/report/run_result.h"
#include "framework/train/task_losses.h"

namespace mtl {

/// A batch's losses, without their graph.
struct BatchLosses {
  std::vector<at::Tensor> per_sample, labelled;  ///< [T] of [N]
};

/// An epoch's mean training losses and weights per task.
class EpochMeters {
 public:
  explicit EpochMeters(size_t tasks) : losses_(tasks), weights_(tasks) {}
  void reset();
  void add(const BatchLosses& batch);
  void add_weights(const std::vector<double>& weights);
  void write_to(EpochResult& result) const;  ///< waits for the device

  std::vector<NamedTensor> state() const;
  /// Throws mtl::Error where the state is another number of tasks'.
  void load_state(const std::vector<NamedTensor>& state, const at::Device& device);

 private:
  std::vector<MeanMeter> losses_;
  std::vector<double> weights_;  // means
  int64_t weighted_ = 0;         // so many times
};

}  // namespace mtl
