#pragma once

#include <filesystem>
#include <string>

namespace mtl::host {

/// Who may change a file, or put another one in its place: only its owner (this user or root) may, and only they may
/// change the folders above it. "" where that holds, else the end of a sentence that starts with the file: whoever can
/// change a plugin can run code as whoever runs the engine. `canonical` is an absolute path without links.
std::string open_to_others(const std::filesystem::path& canonical);

}  // namespace mtl::host
