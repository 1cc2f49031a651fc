#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// The epochs of a run's metrics.jsonl, with the tasks in the order given; of each validation result the loss and the
/// first figure. Throws mtl::Error with file and line where it is no such file.
std::vector<EpochResult> read_metrics(const std::filesystem::path& file, const std::vector<TaskResult>& tasks);

}  // namespace mtl
