#pragma once

#include <string>

#include "framework/report/evaluation_result.h"

namespace mtl {

/// How right predictions are against how sure they say they are: on the diagonal probabilities can be believed, below
/// it they promise too much. A mark per bin that holds images, the larger the more. `id` is unique on the page.
std::string reliability_plot(const std::string& id, const std::string& title, const Calibration& calibration);

}  // namespace mtl
