#pragma once

#include <filesystem>
#include <string>

namespace mtl {

/// Throws mtl::Error where parent/name holds anything already: nothing is overwritten.
void require_unused_run_folder(const std::filesystem::path& parent, const std::string& name);

/// Makes parent/name for a run's files. Throws mtl::Error where it is in use, where it cannot be made or written, or
/// where less than 64 MiB are free.
std::filesystem::path make_run_folder(const std::filesystem::path& parent, const std::string& name);

}  // namespace mtl
