#pragma once

#include <string>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// Charts over a run's epochs as HTML: each task's loss; each task's first figure on the validation split, all shares
/// in one chart, every other figure in its own; the learning rate; and weighting_curves().
std::string run_curves(const std::vector<EpochResult>& epochs);

}  // namespace mtl
