#pragma once

#include <string>

#include "framework/config/study_config.h"
#include "framework/data/sample_table.h"
#include "framework/study/study_plan.h"
#include "framework/study/study_result.h"
#include "framework/study/study_state.h"

namespace mtl {

/// Draws everything that a study reports from the runs that are finished. Throws mtl::Error where their files do not
/// fit the data.
StudyResult assemble(const StudyConfig& study, const StudyPlan& plan, const StudyState& state,
                     const SampleTable& table);

}  // namespace mtl
