#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "framework/data/batch.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

/// One task's part of a batch after the forward pass.
struct TaskLoss {
  at::Tensor per_sample;  ///< [N] float, 0 where not labelled
  at::Tensor labelled;    ///< [N] bool
  at::Tensor mean;        ///< [] over the labelled samples; 0 where there is none
  bool any_labelled;
};

/// The heads' outputs for a batch, from its images or its features.
std::vector<at::Tensor> outputs_of(MultiTaskModel& model, const Batch& batch, std::optional<uint64_t> draw_seed = {});

/// The heads' losses of a batch whose tensors are on the model's device. Throws mtl::Error naming the task where a head
/// returns anything but [N].
std::vector<TaskLoss> task_losses(const std::vector<GuardedHead>& heads, const std::vector<at::Tensor>& outputs,
                                  const Batch& batch);

/// Weights as the configuration asks: "none" as they are, "sum_to_one", "sum_to_tasks" (their mean is 1). Weights below
/// 0 count by their size.
std::vector<double> normalized(std::vector<double> weights, const std::string& how);

}  // namespace mtl
