#pragma once

#include <cstddef>
#include <map>
#include <optional>

namespace mtl {

/// Half-open.
struct Run {
  size_t begin;
  size_t end;
  size_t length() const { return end - begin; }
};

/// Which of the places 0 .. size-1 are free: runs without a free neighbour.
class FreeRuns {
 public:
  explicit FreeRuns(size_t size);
  /// The first `length` places in a row, length > 0; first fit keeps what is in use together. Nothing where none are
  /// left.
  std::optional<Run> take(size_t length);
  /// A run of take(), whole.
  void give_back(Run run);
  const std::map<size_t, size_t>& all() const { return ends_; }  ///< begin -> end, in order

 private:
  std::map<size_t, size_t> ends_;
};

}  // namespace mtl
