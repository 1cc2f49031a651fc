#pragma once

#include <c10/core/Device.h>

#include <vector>

#include "framework/model/multi_task_model.h"
#include "framework/report/run_result.h"
#include "framework/train/task_losses.h"

namespace mtl {

/// Where in a training a loss was computed.
struct LossPlace {
  int64_t epoch;  ///< from 1
  int64_t batch;  ///< from 1
  bool after_a_step;
};

/// Throws mtl::Error that names the first task whose mean loss is no finite number.
void require_finite(const std::vector<GuardedHead>& heads, const std::vector<TaskLoss>& losses, const LossPlace& place);
/// The same for an epoch's means; the mean over no labelled sample is NaN, which only the main task must not have.
void require_finite(const std::vector<GuardedHead>& heads, size_t main_task, const EpochResult& result);

/// Whether to look at this batch's losses: looking waits for the device, which costs nothing on the CPU alone.
bool is_time_to_look(const at::Device& device, int64_t batch);

}  // namespace mtl
