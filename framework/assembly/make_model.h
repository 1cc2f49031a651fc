#pragma once

#include <memory>

#include "framework/config/run_config.h"
#include "framework/model/multi_task_model.h"
#include "plugins/host/plugin_registry.h"

namespace mtl {

/// The model with its initial weights, which depend on the seed and, for a head, its task's name: adding a task changes
/// no other's. Throws ConfigError where a plugin refuses its options.
std::unique_ptr<MultiTaskModel> make_model(const RunConfig& config, const host::PluginRegistry& registry);

}  // namespace mtl
