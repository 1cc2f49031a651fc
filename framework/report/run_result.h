#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "mtl/figures.h"

/// What a run found, as plain values: the report knows no tensor.
namespace mtl {

/// counts[truth][predicted], both by index into classes.names.
struct ConfusionCounts {
  ClassList classes;
  std::vector<std::vector<int64_t>> counts;
};

struct TaskResult {
  std::string task, plugin;
  bool main = false;
  double loss = 0;  ///< mean over the labelled samples; NaN where there is none
  int64_t labelled = 0;
  std::vector<Figure> figures;             ///< in the head's order
  std::vector<ConfusionCounts> confusion;  ///< one, or none for a head that is no classifier
};

struct EpochResult {
  int64_t epoch = 0;                   ///< from 1
  double learning_rate = 0;            ///< of the last step
  std::vector<double> train_losses;    ///< per task, mean over the epoch's labelled samples; NaN where none
  std::vector<double> weights;         ///< per task, mean applied loss weight over the epoch's steps
  std::vector<TaskResult> validation;  ///< per task
  bool best = false;                   ///< the main task's best so far
  int64_t skipped_steps = 0;           ///< left out, since a loss or a gradient was no finite number
  int64_t batch_parts = 1;             ///< in so many a batch went through the model, since memory ran out
  /// Per task, of its loss on the shared parameters, mean over the measured batches: NaN where none; empty: not
  /// measured.
  std::vector<double> gradient_norms;
  std::vector<double> gradient_cosines;    ///< the same of the cosine to the main task's gradient
  std::vector<double> gradient_conflicts;  ///< the share of measured batches or steps where that is below 0
  int64_t unsolved_steps = 0;              ///< in which the loss weighting found no solution and used its last weights
  double seconds = 0, images_per_second = 0, data_wait_share = 0;
};

/// One row of predictions.csv.
struct ImagePredictions {
  std::string image;
  std::vector<std::string> truths;      ///< per task; "" where not labelled
  std::vector<Prediction> predictions;  ///< per task
};

}  // namespace mtl
