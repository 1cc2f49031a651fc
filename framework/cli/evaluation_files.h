#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/data/sample_table.h"
#include "framework/train/evaluate.h"

namespace mtl {

/// What an evaluation with predictions leaves: predictions.csv, and of every classifying task confusion_TASK.csv and
/// .png. `what` leads the pictures' titles.
void write_answers(const std::filesystem::path& folder, const std::string& what, const SampleTable& table,
                   const std::vector<TaskFacts>& tasks, const Evaluation& evaluation);

}  // namespace mtl
