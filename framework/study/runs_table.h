#pragma once

#include "framework/report/page/table.h"
#include "framework/study/study_result.h"

namespace mtl {

/// A row per run, finished or not. How long each took stands on the page only: files of equal studies are equal.
Table runs_table(const StudyResult& study);

std::string state_text(const StudyRun& run);  ///< "finished", "failed", "not started"

}  // namespace mtl
