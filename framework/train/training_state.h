#pragma once

#include <vector>

#include "framework/model/named_tensor.h"
#include "framework/train/training_progress.h"

namespace mtl {

/// All that a training continues from. Randomness is a function of seed and counters, so no generator's state is among
/// it.
struct TrainingState : TrainingProgress {
  std::vector<NamedTensor> tensors;  ///< "model/...", "optimizer/...", "average/...", ... (add_part)
  std::vector<NamedTensor> best;     ///< the model's state after the best epoch
};

}  // namespace mtl
