#pragma once

#include <filesystem>
#include <memory>

#include "framework/assembly/plugin_access.h"
#include "framework/assembly/used_plugins.h"
#include "framework/config/run_config.h"
#include "framework/model/multi_task_model.h"
#include "framework/model/safetensors.h"

namespace mtl {

/// A run's configuration and its model with the weights of the best epoch, on the CPU, in evaluation mode.
struct FinishedRun {
  RunConfig config;
  std::unique_ptr<MultiTaskModel> model;
  std::vector<UsedPlugin> plugins;
};

/// A configuration's model with the weights of a file, on the CPU, in evaluation mode. `file` leads sentences about it.
/// Throws mtl::Error where they do not fit each other or the plugins.
std::unique_ptr<MultiTaskModel> finished_model(const RunConfig& config, const host::PluginRegistry& registry,
                                               const SafetensorsFile& weights, const std::string& file);

/// Reads config.toml and model.safetensors of a run's folder. Throws mtl::Error where they are missing, or do not fit
/// each other or the plugins.
FinishedRun open_run(const std::filesystem::path& folder, const PluginAccess& plugins);

}  // namespace mtl
