#pragma once

#include <string>
#include <vector>

#include "framework/assembly/used_plugins.h"
#include "framework/bundle/bundle_json.h"

namespace mtl {

/// What a bundle records of the plugins.
std::vector<BundlePlugin> recorded(const std::vector<UsedPlugin>& plugins);

/// Finds the plugins that a configuration names before any of their code runs, and compares them with those that a
/// bundle was made with. Throws mtl::Error where one is missing, or of another library or version. A file of the same
/// version with another digest gives a note: it was built elsewhere, and the golden pictures judge it.
std::vector<std::string> compare_plugins(const std::vector<BundlePlugin>& stated, const RunConfig& config,
                                         const host::PluginRegistry& registry);

}  // namespace mtl
