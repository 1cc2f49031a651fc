#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "framework/assembly/plugin_access.h"

namespace mtl {

struct BenchArguments {
  std::filesystem::path model;            ///< a run's folder or a bundle
  std::vector<int> batches = {1, 8, 32};  ///< pictures at a time
  double seconds = 3;                     ///< that each is measured, at least; twenty calls at least
  std::vector<std::string> precisions = {"float32"};
  std::string device = "auto";
  bool as_json = false;
  PluginAccess plugins;
};

/// `bench RUN`: how long a model takes to answer prepared pictures, from pixels to probabilities. Returns 0.
int bench(const BenchArguments& arguments, std::ostream& out);

}  // namespace mtl
