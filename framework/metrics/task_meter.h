#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "framework/metrics/mean_meter.h"
#include "framework/model/guarded_head.h"
#include "framework/report/run_result.h"

namespace mtl {

/// Collects one task's outputs over a split and draws the figures from all of them at once, so that no figure is a mean
/// of batch means.
class TaskMeter {
 public:
  TaskMeter(GuardedHead head, std::string plugin, bool main);

  /// outputs [N,...], losses [N], targets [N,...], labelled [N] bool, on any device.
  void add(const at::Tensor& outputs, const at::Tensor& losses, const at::Tensor& targets, const at::Tensor& labelled);
  TaskResult result() const;

  /// Per sample added so far, in order: the truth ("" where not labelled) and the prediction.
  std::vector<std::string> truths() const;
  std::vector<Prediction> predictions() const;
  /// The probability of each class; empty where the head states none.
  std::vector<std::vector<double>> probabilities() const;
  std::vector<double> losses() const;  ///< NaN where not labelled

 private:
  GuardedHead head_;
  std::string plugin_;
  bool main_;
  MeanMeter loss_;
  std::vector<at::Tensor> outputs_, losses_, targets_, labelled_;
};

}  // namespace mtl
