#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

/// Which parts of a backbone learn, and how fast, while a model is fine-tuned.
class FineTuning {
 public:
  /// Throws mtl::Error where the settings speak of stages and the backbone has fewer, or none for a parameter.
  FineTuning(MultiTaskModel& model, const FineTuningSettings& settings);

  /// The model in training mode for this epoch (from 1): frozen stages ask for no gradient, and the batch-norms that
  /// keep their statistics are in evaluation mode.
  void start_epoch(int64_t epoch);
  /// Whether the heads alone learn in this epoch, from features that are computed once.
  bool is_probe(int64_t epoch) const { return epoch <= settings_.probe_epochs; }

  /// Of each parameter's learning rate, in the model's order, when `epochs` were made (a fraction within one): 1 for
  /// heads; for a stage of the backbone backbone_rate x layer_decay^(stages behind it, the heads being one) (layer-wise
  /// decay after Clark et al., ICLR 2020), rising from 0 in the warm-up.
  std::vector<double> rate_shares(double epochs) const;

 private:
  bool is_frozen(size_t stage, int64_t epoch) const;

  MultiTaskModel& model_;
  FineTuningSettings settings_;
  std::vector<std::string> stages_;    // prefixes
  std::vector<NamedTensor> backbone_;  // its parameters, which come first in the model's order
  std::vector<size_t> stage_of_;       // each of them
  size_t frozen_ = 0;                  // so many stages, until the thaw
};

}  // namespace mtl
