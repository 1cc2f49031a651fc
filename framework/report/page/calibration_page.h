#pragma once

#include <string>

#include "framework/report/calibration_result.h"

namespace mtl {

/// report.html of a calibration: one file that needs no other.
std::string calibration_page(const CalibrationResult& result);

}  // namespace mtl
