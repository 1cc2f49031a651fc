#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/infer/predictor.h"

namespace mtl {

/// Chooses pictures that go with a model (golden_choice) out of the test split of the run's data, or out of `paths`
/// (pictures_of) where there are any. Returns PNG files of the decoded pictures: nothing is lost. Throws mtl::Error
/// where the data is no longer there, naming the way out, and where a picture cannot be read.
std::vector<std::string> golden_pictures(Predictor& predictor, const RunConfig& config,
                                         const std::vector<std::string>& paths, size_t most);

}  // namespace mtl
