#pragma once

#include <spdlog/logger.h>

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "framework/config/run_config_loader.h"
#include "framework/train/checkpoint_store.h"

namespace mtl {

/// In what the settings of the run that was begun in a folder differ from these, as far as its results depend on them;
/// nothing where it was cut off before it wrote them. Throws mtl::Error where the folder is no run's.
std::vector<std::string> changed_settings(const std::filesystem::path& folder, const RunConfig& config);

/// Throws ConfigError where there are any: what goes on has to be what was begun.
void require_same_settings(const std::filesystem::path& folder, const LoadedConfig& loaded);

/// The last sound checkpoint, where there is one; says which it is, and what was wrong with newer ones. Throws
/// mtl::Error where pictures, labels, splits or weights are others than those of `now`, this run's record.
std::optional<TrainingState> last_checkpoint(CheckpointStore& checkpoints, const RunRecord& now, spdlog::logger& log);

}  // namespace mtl
