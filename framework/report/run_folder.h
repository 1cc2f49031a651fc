#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace mtl {

/// Whether parent/name holds anything.
bool is_used_run_folder(const std::filesystem::path& parent, const std::string& name);

/// Throws mtl::Error where parent/name holds anything already: nothing is overwritten.
void require_unused_run_folder(const std::filesystem::path& parent, const std::string& name);

/// Makes parent/name for a run's files, or takes the one that is there. Throws mtl::Error where it cannot be made or
/// written, or where fewer than `needed` bytes are free.
std::filesystem::path make_run_folder(const std::filesystem::path& parent, const std::string& name, int64_t needed);

}  // namespace mtl
