#pragma once

#include <filesystem>
#include <string>

namespace mtl {

/// Makes parent/name for a run's files. Throws mtl::Error where it holds anything already (nothing is overwritten), where
/// it cannot be made or written, or where less than 64 MiB are free.
std::filesystem::path make_run_folder(const std::filesystem::path& parent, const std::string& name);

}  // namespace mtl
