#pragma once

#include <string>
#include <vector>

#include "mtl/error.h"

namespace mtl {

/// Everything that is wrong with a configuration, one sentence a line, each led by its position.
class ConfigError : public Error {
 public:
  explicit ConfigError(const std::vector<std::string>& problems);
};

/// Collects sentences, so that a user sees all errors of a file at once.
class Problems {
 public:
  void add(const std::string& where, const std::string& sentence) { sentences_.push_back(where + ": " + sentence); }
  bool empty() const { return sentences_.empty(); }
  /// Throws ConfigError where there is a problem.
  void raise() const;

 private:
  std::vector<std::string> sentences_;
};

}  // namespace mtl
