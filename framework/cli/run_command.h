#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "framework/cli/plugin_access.h"

namespace mtl {

/// What every command that reads a configuration is given.
struct ConfigArguments {
  std::filesystem::path file;
  std::vector<std::string> overrides;
  PluginAccess plugins;
};

/// `mtl-engine run`: trains, evaluates, reports. Returns the exit code: 0, or 128 + the signal that stopped it.
int run(const ConfigArguments& arguments);

}  // namespace mtl
