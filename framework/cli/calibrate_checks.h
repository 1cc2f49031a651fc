#pragma once

#include <string>
#include <vector>

#include "framework/cli/calibrate_command.h"
#include "framework/cli/calibrated_tasks.h"

namespace mtl {

/// The arguments with what was left out filled in. Throws ConfigError for arguments that do not go together and for
/// pictures that the run was trained on; mtl::Error for a bundle, and for files that are there already.
CalibrateArguments checked(CalibrateArguments arguments);

/// Throws mtl::Error where no task states probabilities for labelled images.
void require_something(const std::vector<TaskTemperature>& temperatures, const Subject& subject);
/// Throws mtl::Error where the rule's task has no labelled image.
void require_answers(const LabelledImages& images, const std::string& task, const Subject& subject);

}  // namespace mtl
