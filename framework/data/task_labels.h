#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "framework/data/sample_table.h"
#include "mtl/augmentation.h"
#include "mtl/task_head.h"

namespace mtl {

/// One task's targets for a whole table.
struct TaskLabels {
  at::Tensor targets;   ///< [M,...]; zeros where not labelled
  at::Tensor labelled;  ///< [M] bool
  AugmentationSet mask = 0;
};

/// Encodes a column's cells with the task's head; none needs to be labelled. Throws mtl::Error for an unknown label,
/// with its line, and a column that is not there.
TaskLabels encode_labels(const SampleTable& table, const std::string& column, const std::string& task,
                         const TaskHead& head);

/// Throws mtl::Error where there is no labelled row in training, and for a classifier fewer than two classes or a class
/// without a sample there.
void require_training_labels(const SampleTable& table, const std::string& column, const std::string& task,
                             const TaskHead& head);

}  // namespace mtl
