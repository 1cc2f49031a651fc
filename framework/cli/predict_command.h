#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "framework/assembly/plugin_access.h"

namespace mtl {

struct PredictArguments {
  std::filesystem::path run;       ///< or a bundle
  std::vector<std::string> paths;  ///< pictures, folders, patterns, manifests, "-"
  std::filesystem::path watch;     ///< a folder to watch instead; "": none
  std::string format = "jsonl";    ///< jsonl | csv | table
  std::filesystem::path out;       ///< "": standard output
  int batch = 32;
  int top = 1;                  ///< most probable classes of each task that are told
  bool averages_views = false;  ///< test-time augmentation
  bool uncalibrated = false;    ///< leave the model's decisions.json alone
  std::string precision = "float32";
  std::string device = "auto";
  PluginAccess plugins;
};

/// `predict RUN PATH...`: a finished run's answers to pictures, a line each. Returns 0 where a picture was read, else
/// 1; 128 + the signal that stopped it, but for --watch, which ends no other way.
int predict(const PredictArguments& arguments);

}  // namespace mtl
