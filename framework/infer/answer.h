#pragma once

#include <optional>
#include <vector>

#include "framework/decide/decisions.h"
#include "mtl/figures.h"

namespace mtl {

/// One task's answer to a picture.
struct Answer {
  Prediction prediction;
  std::vector<double> probabilities;  ///< of each class of the head, calibrated; empty where it states none
};

/// All that a model says about a picture.
struct PictureResult {
  std::vector<Answer> tasks;         ///< in the model's order
  std::optional<Decision> decision;  ///< where there is a rule for it
};

}  // namespace mtl
