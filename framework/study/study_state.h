#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/study/run_outcome.h"
#include "framework/study/study_plan.h"

namespace mtl {

/// How far a study is, read from its runs' folders.
struct StudyState {
  std::vector<std::optional<RunOutcome>> outcomes;  ///< per planned run; none where it is not finished
  std::vector<std::string> problems;                ///< per planned run: why it is not finished or not used; or ""
};

/// What a finished run must have been made with to belong to a study.
struct StudyFacts {
  std::string table_digest, pixels_digest;  ///< of the data as it is now; pixels: "" where they were not read yet
  std::string engine_version;
};

/// Reads every finished run; one whose files are damaged counts as not finished. Throws ConfigError where one was made
/// with another configuration, data or engine than is planned now: its figures would not belong to this study.
StudyState read_state(const StudyPlan& plan, const StudyFacts& facts);

/// Leaves out every run that does not share split, batches and initial weights with the main task alone under the same
/// seed and variant, and says so in `problems`.
void require_fairness(const StudyPlan& plan, StudyState& state);

}  // namespace mtl
