#pragma once

#include <string>
#include <vector>

#include "framework/config/run_config.h"

namespace mtl {

/// A set of tasks that is trained together.
struct Arm {
  std::string name;           ///< "abd", or "defect-light" where a task's name is longer than a letter
  std::vector<size_t> tasks;  ///< indexes into the base's tasks: the main one, then the others in the file's order
};

/// The arms that a study asks for, fewest tasks first: "all_subsets", "single_additions", or arms by their tasks'
/// names. The main task alone is always the first: it is what the others are compared with. Throws mtl::Error for an
/// unknown arm, one without the main task, and for more tasks than 32, or than 13 where all
/// subsets are wanted.
std::vector<Arm> make_arms(const std::vector<std::string>& wanted, const std::vector<TaskSettings>& tasks);

}  // namespace mtl
