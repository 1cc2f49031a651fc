#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <string>
#include <vector>

#include "framework/metrics/mean_meter.h"
#include "framework/report/run_result.h"
#include "mtl/task_head.h"

namespace mtl {

/// Collects one task's outputs over a split and draws the figures from all of them at once, so that no figure is a mean
/// of batch means.
class TaskMeter {
 public:
  TaskMeter(std::string task, std::string plugin, bool main, std::shared_ptr<const TaskHead> head);

  /// outputs [N,...], losses [N], targets [N,...], labelled [N] bool, on any device.
  void add(const at::Tensor& outputs, const at::Tensor& losses, const at::Tensor& targets, const at::Tensor& labelled);
  TaskResult result() const;

  /// Per sample added so far, in order: the truth ("" where not labelled) and the prediction.
  std::vector<std::string> truths() const;
  std::vector<Prediction> predictions() const;

 private:
  std::string task_, plugin_;
  bool main_;
  std::shared_ptr<const TaskHead> head_;
  MeanMeter loss_;
  std::vector<at::Tensor> outputs_, targets_, labelled_;
};

}  // namespace mtl
