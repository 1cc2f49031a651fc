#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "plugins/conformance/checks.h"

namespace mtl::conformance {

/// One promise of a library and what was found. `about` is "the library" or "head 'focal'".
struct Finding {
  std::string about;
  std::string promise;
  std::string broken;  ///< "": it is kept
  bool kept() const { return broken.empty(); }
};

/// Judges a library by its bytes, then loads it in another process and goes through the kit of everything it offers.
/// What crashes, hangs or ends that process is a broken promise like any other.
std::vector<Finding> check_library(const std::filesystem::path& file, int seconds);

}  // namespace mtl::conformance
