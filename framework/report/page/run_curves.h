#pragma once

#include <string>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// Charts over a run's epochs as HTML: each task's loss; each task's first figure on the validation split, all shares
/// in one chart, every other figure in its own; the learning rate; and, where measured, how each auxiliary task's
/// gradient lies to the main one's.
std::string run_curves(const std::vector<EpochResult>& epochs);

}  // namespace mtl
