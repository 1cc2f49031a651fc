#pragma once

#include <vector>

#include "framework/report/evaluation_result.h"

namespace mtl {

/// Per image the probability of the predicted class, and whether that class was right -> 15 bins and the expected
/// calibration error (ECE; Guo et al., ICML 2017). An image whose probability is no number does not count; where that
/// is so of all, there are no bins.
Calibration calibration_of(const std::vector<double>& probabilities, const std::vector<bool>& right);

}  // namespace mtl
