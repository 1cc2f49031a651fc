#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>

#include "framework/assembly/plugin_access.h"

namespace mtl {

/// `plugins list`: what is in the folders, from the files' notes; no code of theirs runs.
int plugins_list(const PluginAccess& access, std::ostream& out);

/// `plugins show NAME`: what it is, its file and its options, or with `as_toml` a block to paste. The library is opened
/// in a child process: a crash in it is an mtl::Error here.
int plugins_show(const std::string& name, bool as_toml, const PluginAccess& access, std::ostream& out);

/// `plugins check FILE`: goes through all that a plugin promises, in another process that may take `seconds`. Returns 1
/// where a promise is broken.
int plugins_check(const std::filesystem::path& file, int seconds, bool as_json, std::ostream& out);

}  // namespace mtl
