#pragma once

#include <string>

#include "mtl/plugin_note.h"

namespace mtl::host {

/// The note of the engine itself: what a plugin must agree with.
PluginNote engine_note();

/// "" where the plugin can be loaded into the engine, else the end of a sentence that starts with the file and lists
/// every field that differs: "was built with LibTorch 2.6, the engine with 1.13; ...".
std::string abi_mismatch(const PluginNote& plugin, const PluginNote& engine);

}  // namespace mtl::host
