#pragma once

#include <filesystem>
#include <string>

#include "framework/report/evaluation_result.h"

namespace mtl {

/// roc_TASK.csv and precision_recall_TASK.csv with every point: the limit from which on an image is called a defect,
/// then the shares that follow. The ROC begins at (0, 0) with the limit "inf". Numbers read back as they were.
void write_ranking(const std::filesystem::path& folder, const std::string& task, const Ranking& ranking);

}  // namespace mtl
