#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace mtl {

/// `plugins list`: what is in the folders, from the files' notes; no code of theirs runs.
int plugins_list(const std::vector<std::filesystem::path>& plugin_dirs, std::ostream& out);

/// `plugins show NAME`: what it is, its file and its options, or with `as_toml` a block to paste. The library is opened
/// in a child process: a crash in it is an mtl::Error here.
int plugins_show(const std::string& name, bool as_toml, const std::vector<std::filesystem::path>& plugin_dirs,
                 std::ostream& out);

}  // namespace mtl
