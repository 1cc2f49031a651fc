#pragma once

#include <vector>

#include "framework/report/page/line_chart.h"
#include "framework/report/run_result.h"

namespace mtl {

/// How the tasks were weighted, where that changes: their weights, and the sum of these times the learning rate. Where
/// it was measured, the norm of each task's gradient on the shared parameters, and for the auxiliary tasks its cosine
/// to the main one's and how often they oppose each other. At least one epoch.
std::vector<LineChart> weighting_curves(const std::vector<EpochResult>& epochs);

}  // namespace mtl
