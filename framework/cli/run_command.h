#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "framework/assembly/plugin_access.h"
#include "framework/cli/dataset.h"
#include "framework/config/run_config_loader.h"

namespace mtl {

/// What every command that reads a configuration is given.
struct ConfigArguments {
  std::filesystem::path file;
  std::vector<std::string> overrides;
  PluginAccess plugins;
  bool resume = false;  ///< of `run`
};

/// What to do where the run's folder holds files already: refuse, or go on from the last checkpoint.
enum class Start { anew, resumed };

/// Trains, evaluates and reports one configuration, on the images that `open` gives once all names are checked. Returns
/// the exit code: 0, or 128 + the signal that stopped it. Throws mtl::Error; result.json, the last file, says that all
/// is there.
int train(const LoadedConfig& loaded, const PluginAccess& plugins, Start start,
          const std::function<ImageStore()>& open);

/// `mtl-engine run`: trains, evaluates, reports. Returns the exit code: 0, or 128 + the signal that stopped it.
int run(const ConfigArguments& arguments);

}  // namespace mtl
