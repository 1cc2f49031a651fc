#pragma once

#include <c10/core/Device.h>

#include <functional>
#include <vector>

#include "framework/data/batch_source.h"
#include "framework/metrics/task_meter.h"
#include "framework/model/multi_task_model.h"
#include "framework/report/run_result.h"

namespace mtl {

/// What an evaluation needs to know of each task besides its head.
struct TaskFacts {
  std::string name, plugin;
  bool main;
};

struct Evaluation {
  std::vector<TaskResult> tasks;
  std::vector<size_t> rows;                      ///< of the sample table, in the order of predictions
  std::vector<std::vector<std::string>> truths;  ///< [tasks][rows]
  std::vector<std::vector<Prediction>> predictions;
  std::vector<std::vector<std::vector<double>>> probabilities;  ///< of each class; [] where the head states none
  std::vector<std::vector<double>> losses;                      ///< NaN where not labelled
};

/// A whole pass over the source's rows without gradients, the model in evaluation mode meanwhile. With
/// `with_predictions` every image's answers come too.
Evaluation evaluate(MultiTaskModel& model, const std::vector<TaskFacts>& tasks, BatchSource& source,
                    const at::Device& device, bool with_predictions);

}  // namespace mtl
