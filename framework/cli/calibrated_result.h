#pragma once

#include <string>

#include "framework/cli/calibration_files.h"
#include "framework/report/calibration_result.h"

namespace mtl {

/// "240 images of 60 parts of parts.csv, split val".
std::string data_sentence(const Subject& subject, const CalibrationParts& parts);

/// What the page shows.
CalibrationResult result_of(const CalibrateArguments& arguments, const Subject& subject, const CalibrationParts& parts);

}  // namespace mtl
