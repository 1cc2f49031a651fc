#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "framework/assembly/plugin_access.h"
#include "framework/cli/dataset.h"
#include "framework/study/study_plan.h"

namespace mtl {

/// Looks for what the arms of a plan name: plugins with their options, files, in a process of its own. Throws
/// ConfigError with all that is wrong.
void check_arms(const StudyPlan& plan, const PluginAccess& plugins);

/// How a study's runs are carried out.
struct StudyRuns {
  std::filesystem::path folder;  ///< the study's; each run's output goes to logs/NAME.txt
  PluginAccess plugins;
  int jobs = 1;
};

/// Trains the runs with these indexes, each in a process of its own that shares the images. Returns why each
/// failed, "" where it did not; stops early where the user asked to.
std::vector<std::string> train_all(const StudyPlan& plan, const std::vector<size_t>& runs, const StudyRuns& how,
                                   ImageStore images, std::ostream& out);

}  // namespace mtl
