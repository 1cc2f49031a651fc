#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "framework/config/problems.h"
#include "framework/config/run_config.h"

namespace mtl {

/// A configuration with, per key ("train.epochs", "tasks.0.weight"), where its value was written; a key that is not in
/// `origins` has its default.
struct LoadedConfig {
  RunConfig config;
  std::map<std::string, std::string> origins;
};

/// Reads a TOML file, what it extends and the overrides. Throws ConfigError with every problem that was found.
LoadedConfig load_run_config(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

/// The same of a text that extends nothing, such as the config.toml of a run; `name` leads positions.
LoadedConfig parse_run_config(const std::string& text, const std::string& name);

}  // namespace mtl
