#pragma once

#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

#include "framework/assembly/plugin_access.h"

namespace mtl {

struct EvalArguments {
  std::filesystem::path run;
  std::filesystem::path data;   ///< a manifest; "": the run's own data
  std::string split;            ///< train | val | test | all; "": test of the run's own data, all of another manifest
  std::vector<std::string> by;  ///< columns whose cells make slices
  std::filesystem::path out;    ///< new folder; "": RUN/eval_SPLIT, or RUN/eval_MANIFEST_SPLIT; BUNDLE_eval_SPLIT
  std::string device = "auto";
  PluginAccess plugins;
};

/// `eval RUN`: how a finished run's or a bundle's model does on a split of its own data or on other pictures. Returns
/// 0.
int eval(const EvalArguments& arguments, std::ostream& out);

}  // namespace mtl
