#include "framework/data/augmentation_check.h"

namespace mtl {

std::vector<std::string> augmentation_problems(AugmentationSet configured, const TaskTolerance& task) {
  std::vector<std::string> problems;
  for (Augmentation augmentation : all_augmentations()) {
    const bool harmful = configured & bit(augmentation) & ~task.survives & ~task.masked;
    const std::string& name = name_of(augmentation);
    if (harmful)
      problems.push_back("the label of task '" + task.task + "' does not survive the augmentation " + name +
                         "; turn it off in [augment], set mask = [\"" + name +
                         "\"] in the task to leave its loss out on such images, or add " + name +
                         " to the task's option `survives` where the label is true all the same");
  }
  return problems;
}

}  // namespace mtl
