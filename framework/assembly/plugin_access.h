#pragma once

#include <filesystem>
#include <vector>

#include "plugins/host/plugin_registry.h"

namespace mtl {

/// What the command line says about plugins.
struct PluginAccess {
  std::vector<std::filesystem::path> dirs;  ///< searched first
  bool allow_insecure = false;              ///< use files that others may change
};

/// The plugins of the folders in the contract's order: those given, `configured`, the environment's, the user's, the
/// installed. Warns on standard error of every file that is used although others may change it.
host::PluginRegistry open_plugins(const PluginAccess& access, const std::vector<std::filesystem::path>& configured);

}  // namespace mtl
