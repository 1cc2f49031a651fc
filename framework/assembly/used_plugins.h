#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/config/run_config.h"
#include "plugins/host/plugin_registry.h"

namespace mtl {

/// A plugin that a model is made of, and the file that it comes from.
struct UsedPlugin {
  PluginKind kind;
  std::string name;
  std::string library, version;  ///< what the file's note says
  std::filesystem::path file;
  std::string sha256;  ///< of the file
};

/// Throws mtl::Error where no file offers the plugin, or none that can be used; no code of a plugin runs.
UsedPlugin used_plugin(PluginKind kind, const std::string& name, const std::string& where,
                       const host::PluginRegistry& registry);

/// The backbone's plugin, then those of the heads in the order of the tasks, each once.
std::vector<UsedPlugin> used_plugins(const RunConfig& config, const host::PluginRegistry& registry);

}  // namespace mtl
