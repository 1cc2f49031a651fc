#pragma once

#include <filesystem>
#include <iosfwd>
#include <optional>
#include <string>

#include "framework/assembly/plugin_access.h"

namespace mtl {

struct CalibrateArguments {
  std::filesystem::path run;
  std::optional<double> max_escape;    ///< 0..1; none, and no costs: temperatures only
  std::optional<double> max_overkill;  ///< 0..1; none: no band in which a person looks
  std::filesystem::path costs;         ///< a CSV file, in place of limits; "": none
  std::optional<double> confidence;    ///< of promises and intervals; none: 0.95
  bool observed = false;               ///< limits from these pictures alone, with no promise
  std::string task;                    ///< that the rule is of; "": the main one
  std::filesystem::path data;          ///< a manifest; "": the run's own data
  std::string group;                   ///< column of the manifest: which images are of one part; "": the run's
  std::string split;                   ///< val | test | all; "": val of the run's own data, all of another manifest
  std::filesystem::path out;           ///< folder for the report; "": RUN/calibration
  bool replace = false;                ///< decisions and a report that are there already
  std::string device = "auto";
  PluginAccess plugins;
};

/// `calibrate RUN`: fits each task's temperature, chooses limits or takes a cost matrix, writes RUN/decisions.json for
/// `predict` and a report. Returns 0. Throws ConfigError for arguments that do not go together, and for pictures that
/// the run was trained on.
int calibrate(const CalibrateArguments& arguments, std::ostream& out);

}  // namespace mtl
