#pragma once

#include <filesystem>

namespace mtl {

/// Keeps other processes out of a folder while it lives; the system frees it when the process ends, however that is.
/// The file that it locks stays, and marks the folder as one that the engine made.
class FolderLock {
 public:
  static constexpr const char* file_name = ".mtl-engine.lock";

  /// Throws mtl::Error where another process has held it for two seconds, or where the folder takes no file.
  explicit FolderLock(const std::filesystem::path& folder);
  static bool marks(const std::filesystem::path& folder);  ///< whether there was a lock in it
  FolderLock(const FolderLock&) = delete;
  FolderLock& operator=(const FolderLock&) = delete;
  ~FolderLock();

 private:
  int descriptor_;
};

}  // namespace mtl
