#pragma once

#include <string>

#include "framework/config/run_config_loader.h"

namespace mtl {

/// The whole configuration as one TOML file without `extends`: every key, defaults too, each with a comment that says
/// where its value came from. Reading it again gives the same configuration.
std::string resolved_toml(const LoadedConfig& loaded);

}  // namespace mtl
