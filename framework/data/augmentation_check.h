#pragma once

#include <string>
#include <vector>

#include "mtl/augmentation.h"

namespace mtl {

/// What an augmentation means for one task.
struct TaskTolerance {
  std::string task;
  AugmentationSet survives;  ///< the label stays true
  AugmentationSet masked;    ///< the task's loss is left out on such images
};

/// A sentence for every configured augmentation that the task's label does not survive and that is not masked there.
std::vector<std::string> augmentation_problems(AugmentationSet configured, const TaskTolerance& task);

}  // namespace mtl
