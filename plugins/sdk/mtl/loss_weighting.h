#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mtl/export.h"

namespace mtl {

/// What a weighting learns at the start of a run. T tasks, in the order of the configuration.
struct WeightingContext {
  std::vector<std::string> tasks;      ///< T names
  std::vector<double> static_weights;  ///< T weights from the configuration, each > 0
  size_t main_task = 0;                ///< index of the main one
};

/// The step's mean losses, each over its task's labelled samples.
struct StepLosses {
  std::vector<double> losses;  ///< T values; 0 where no sample is labelled. Filled only where needs_losses().
  std::vector<bool> labelled;  ///< T: the task has a labelled sample in this step
  int64_t step = 0;            ///< optimizer steps made so far
  int64_t epoch = 0;           ///< from 0
};

/// Says how much each task's loss counts in a step: total = sum over tasks of weight x mean loss.
class MTL_API LossWeighting {
 public:
  virtual ~LossWeighting();
  /// Whether weights() reads the losses. Where not, the engine keeps them on the device and does not wait for them.
  virtual bool needs_losses() const = 0;
  /// -> T weights, finite and >= 0. The engine normalizes them as the configuration says.
  virtual std::vector<double> weights(const StepLosses& step) = 0;
};

}  // namespace mtl
