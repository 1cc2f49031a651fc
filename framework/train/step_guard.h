#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/model/multi_task_model.h"
#include "framework/train/epoch_meters.h"

namespace mtl {

/// Why an optimizer step was left out.
struct BadStep {
  int64_t epoch = 0, batch = 0;     ///< from 1; the step's last batch
  std::vector<std::string> heads;   ///< whose loss is no finite number, as GuardedHead::who() names them
  std::vector<std::string> values;  ///< "nan" or "inf", for each of them
  std::vector<size_t> rows;         ///< of the sample table, whose losses those are; where no loss is bad, the step's
  std::string parameter;            ///< where all losses are finite: the first on the way back whose gradient is not
};

/// "the loss of task 'A' (...) is nan in epoch 3, batch 17, with 'a.png', 'b.png'": the images of its rows, five at
/// most.
std::string sentence_of(const BadStep& step, const std::vector<std::string>& images);

/// Notices a step whose loss or gradient is no finite number, and takes back what its forward passes did to the model.
class StepGuard {
 public:
  explicit StepGuard(const MultiTaskModel& model);

  /// Keeps the model's buffers: batch-norm's running statistics.
  void begin();
  /// A batch of the step; `total` [] is its weighted loss.
  void add(const std::vector<size_t>& rows, BatchLosses losses, const at::Tensor& total);
  /// Whether every total so far is a finite number. Waits for the device.
  bool losses_are_finite() const;
  /// What is wrong with a step whose gradient or losses are not finite; gradients must still be there.
  BadStep explain() const;
  /// Puts the buffers back.
  void take_back();
  /// Keeps the buffers as they are now, for take_back().
  void keep_buffers();
  const std::vector<BatchLosses>& batches() const { return batches_; }

 private:
  const MultiTaskModel& model_;
  std::vector<NamedTensor> parameters_, buffers_;
  std::vector<at::Tensor> kept_;
  std::vector<BatchLosses> batches_;
  std::vector<std::vector<size_t>> rows_;  // of each batch
  at::Tensor total_;
};

}  // namespace mtl
