#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/report/run_record.h"

namespace mtl {

/// The main task's answer to one test image.
struct MainAnswer {
  std::string image, truth, prediction;
};

/// All that a study reads of one finished run.
struct RunOutcome {
  RunRecord record;
  std::vector<EpochResult> epochs;
  std::vector<MainAnswer> answers;  ///< where the main task is labelled, in the order of predictions.csv
  std::string settings;             ///< config.toml

  const TaskResult& main() const;
};

/// Throws mtl::Error where a file is missing or damaged.
RunOutcome read_outcome(const std::filesystem::path& folder);

}  // namespace mtl
