#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "framework/cli/plugin_access.h"

namespace mtl {

struct PredictArguments {
  std::filesystem::path run;
  std::vector<std::string> paths;  ///< pictures, folders, patterns, manifests, "-"
  std::filesystem::path watch;     ///< a folder to watch instead; "": none
  std::string format = "jsonl";    ///< jsonl | csv | table
  std::filesystem::path out;       ///< "": standard output
  int batch = 32;
  std::string device = "auto";
  PluginAccess plugins;
};

/// `predict RUN PATH...`: a finished run's answers to pictures, a line each. Returns 0 where a picture was read, else
/// 1; 128 + the signal that stopped it, but for --watch, which ends no other way.
int predict(const PredictArguments& arguments);

}  // namespace mtl
