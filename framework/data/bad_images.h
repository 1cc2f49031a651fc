#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace mtl {

/// Images that could not be read when their batch was made, where the configuration says that they are then left out.
/// Each is named once. Safe for several threads.
class BadImages {
 public:
  void add(size_t row, const std::string& sentence);
  /// The sentences that were not taken yet, by row.
  std::vector<std::string> take_new();
  std::vector<size_t> rows() const;

 private:
  mutable std::mutex mutex_;
  std::map<size_t, std::string> all_, new_;
};

}  // namespace mtl
