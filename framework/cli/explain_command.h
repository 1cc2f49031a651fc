#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>
#include <vector>

#include "framework/assembly/plugin_access.h"

namespace mtl {

struct ExplainArguments {
  std::filesystem::path run;
  std::vector<std::string> paths;     ///< pictures, folders, patterns, manifests, "-"; none: pictures of a split
  std::string task;                   ///< "": the main one
  std::string class_name;             ///< "": in each picture the one that the model predicts
  std::string method = "grad_cam";    ///< grad_cam | integrated_gradients
  std::optional<int> steps;           ///< of integrated_gradients, 32 where none are given
  std::string masks;                  ///< what replaces a picture's ending in the name of its mask; "": no masks
  std::optional<int> highest_losses;  ///< so many pictures of the split
  bool contradictions = false;        ///< the split's pictures on which tasks disagree about normal and defect
  std::filesystem::path data;         ///< a manifest; "": the run's own data
  std::string split;                  ///< as for eval
  int most = 200;                     ///< pictures that the page shows of each kind
  std::filesystem::path out;          ///< new folder; "": RUN/explain_TASK, BUNDLE_explain_TASK
  std::string device = "auto";
  PluginAccess plugins;
};

/// `explain RUN`: overlays of what speaks for a task's answers, a page and a JSON file. Returns 0 where a picture was
/// explained, or where a split was looked through and there is none of the kind; else 1; 128 + the signal that stopped
/// it. Throws ConfigError for arguments that do not go together.
int explain(const ExplainArguments& arguments, std::ostream& out);

}  // namespace mtl
