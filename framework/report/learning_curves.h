#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// A picture of panels over the epochs: each task's loss (training, and validation thinner), each task's first figure
/// on the validation split (shares in one panel, every other figure in its own), and the learning rate.
void write_learning_curves(const std::filesystem::path& file, const std::string& title,
                           const std::vector<std::string>& tasks, const std::vector<EpochResult>& epochs);

}  // namespace mtl
