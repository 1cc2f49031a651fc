#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <vector>

namespace mtl {

/// A folder that a camera fills. Each picture is given once, when its size and time have stayed the same for a moment,
/// so that one which is still being written is waited for; one that is written again is a new picture. Pictures that
/// are there at the start are given too.
class WatchedFolder {
 public:
  /// `settled` is how long a file must have stayed as it is. Throws mtl::Error where there is no such folder.
  explicit WatchedFolder(std::filesystem::path folder,
                         std::chrono::milliseconds settled = std::chrono::milliseconds(500));

  /// The pictures that settled since the last call, in the order of their names. Looks below the folder too.
  std::vector<std::filesystem::path> look();

 private:
  struct Version {
    uintmax_t size;
    std::filesystem::file_time_type written;
    bool operator==(const Version&) const = default;
  };
  struct Waiting {
    Version version;
    std::chrono::steady_clock::time_point since;
  };

  std::filesystem::path folder_;
  std::chrono::milliseconds settled_;
  std::map<std::filesystem::path, Waiting> waiting_;
  std::map<std::filesystem::path, Version> given_;
};

}  // namespace mtl
