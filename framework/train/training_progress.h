#pragma once

#include <cstdint>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// How far a training is, between two optimizer steps.
struct TrainingProgress {
  int64_t epoch = 1;            ///< from 1: the one that goes on
  int64_t batch = 0;            ///< batches of it that were trained on
  int64_t step = 0;             ///< optimizer steps so far, those left out among them
  int64_t taken_steps = 0;      ///< those that moved the parameters or would have but for float16's loss scale
  int64_t bad_in_a_row = 0;     ///< the last steps so many were left out
  int64_t unsolved_before = 0;  ///< of the weighting's, before this epoch
  int64_t skipped_steps = 0;    ///< of this epoch
  int64_t batch_parts = 1;      ///< each batch goes through the model in so many, since memory ran out
  double learning_rate = 0;     ///< of the last step
  int64_t images = 0;           ///< of this epoch
  double seconds = 0, waited_seconds = 0;  ///< of this epoch's training, and for data in it
  int64_t best_epoch = 0;                  ///< from 1; 0: none is finished
  std::vector<EpochResult> epochs;         ///< the finished ones
};

}  // namespace mtl
