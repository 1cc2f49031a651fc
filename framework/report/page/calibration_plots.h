#pragma once

#include <string>

#include "framework/report/calibration_result.h"

namespace mtl {

/// Escape and overkill against the limit, with the limits that were chosen; "" where there are none. HTML.
std::string limits_plot(const CalibrationResult& result);

/// Rejects against errors; "" where there are none. HTML.
std::string rejects_plot(const CalibrationResult& result);

}  // namespace mtl
