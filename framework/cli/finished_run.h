#pragma once

#include <filesystem>
#include <memory>

#include "framework/cli/plugin_access.h"
#include "framework/config/run_config.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

/// A run's configuration and its model with the weights of the best epoch, on the CPU, in evaluation mode.
struct FinishedRun {
  RunConfig config;
  std::unique_ptr<MultiTaskModel> model;
};

/// Reads config.toml and model.safetensors of a run's folder. Throws mtl::Error where they are missing, or do not fit
/// each other or the plugins.
FinishedRun open_run(const std::filesystem::path& folder, const PluginAccess& plugins);

}  // namespace mtl
