#pragma once

#include <cstddef>
#include <filesystem>

namespace mtl {

/// Bytes that may still be taken before the kernel ends a process to find some: what is free or only caches files, and
/// the swap space, within what the process's control groups allow (cgroup v2). SIZE_MAX where the system does not say.
/// `root`: of the file system, for tests.
size_t available_memory(const std::filesystem::path& root = "/");

}  // namespace mtl
