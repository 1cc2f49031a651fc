#pragma once

#include "framework/assembly/plugin_access.h"
#include "framework/cli/dataset.h"
#include "framework/config/run_config_loader.h"

namespace mtl {

/// Seconds that a run takes, from a few of its steps. Throws mtl::Error where it cannot even start.
double estimate_seconds(const LoadedConfig& loaded, const PluginAccess& plugins, ImageStore images);

}  // namespace mtl
