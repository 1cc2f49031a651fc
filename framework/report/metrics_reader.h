#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// The epochs of a run's metrics.jsonl, with the tasks in the order given; of each validation result the loss and the
/// first figure. Throws mtl::Error with file and line where it is no such file.
std::vector<EpochResult> read_metrics(const std::filesystem::path& file, const std::vector<TaskResult>& tasks);
/// The same of its text; `name` leads sentences.
std::vector<EpochResult> parse_metrics(std::istream& in, const std::string& name, const std::vector<TaskResult>& tasks);

}  // namespace mtl
