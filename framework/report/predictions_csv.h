#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// predictions.csv: image, then per task NAME_truth, NAME_prediction, NAME_probability (6 digits; empty where none).
void write_predictions(const std::filesystem::path& file, const std::vector<std::string>& tasks,
                       const std::vector<ImagePredictions>& images);

}  // namespace mtl
