#pragma once

#include <iosfwd>
#include <string>

#include "framework/assembly/plugin_access.h"
#include "framework/cli/dataset.h"
#include "framework/study/study_plan.h"
#include "framework/study/study_state.h"

namespace mtl {

/// "study NAME: 8 arm(s) x 3 seed(s) = 24 runs in FOLDER; 3 finished, 21 to do".
std::string plan_line(const StudyConfig& config, const StudyPlan& plan, size_t finished, size_t to_do);

/// What --dry-run prints besides: the arms, and about how long `to_do` runs take with `jobs` at a time: as long as
/// finished ones took on average, or measured over a few steps of the largest arm. The images are decoded.
void print_outlook(const StudyPlan& plan, const StudyState& state, size_t to_do, int jobs, const PluginAccess& plugins,
                   ImageStore images, std::ostream& out);

}  // namespace mtl
