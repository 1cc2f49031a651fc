#pragma once

#include <optional>
#include <string>
#include <vector>

#include "framework/cli/calibrate_command.h"
#include "framework/cli/calibrated_rule.h"

namespace mtl {

/// What a calibration found.
struct CalibrationParts {
  std::vector<TaskTemperature> temperatures;
  std::string task;  ///< of the rule and the curves
  ClassList classes;
  LabelledImages images;
  std::optional<CalibratedRule> rule;
};

/// Writes the report's folder (report.html, rejects.csv, temperatures.csv), and last of all RUN/decisions.json, by
/// which `predict` then decides.
void write_calibration(const CalibrateArguments& arguments, const Subject& subject, const CalibrationParts& parts,
                       const Decisions& decisions);

/// For standard output: what was found, in words.
std::string summary_of(const CalibrateArguments& arguments, const Subject& subject, const CalibrationParts& parts);

}  // namespace mtl
