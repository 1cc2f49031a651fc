#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "framework/assembly/plugin_access.h"

namespace mtl {

struct BundleArguments {
  std::filesystem::path run, out;   ///< `out` ends in .mtlb: one file; else a folder
  int pictures = 8;                 ///< golden ones at most
  std::vector<std::string> golden;  ///< pictures, folders, patterns, manifests to choose from; none: the test split
  std::string device = "auto";      ///< that answers the pictures to choose from
  PluginAccess plugins;
};

/// `bundle RUN OUT`: a finished run's model with all that the line needs, and pictures that prove it. What was written
/// is opened and verified. Returns 0.
int bundle(const BundleArguments& arguments, std::ostream& out);

}  // namespace mtl
