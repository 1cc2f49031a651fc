#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/report/run_result.h"

/// What an evaluation of a finished run found, as plain values.
namespace mtl {

/// Predictions whose stated probability lies in one range.
struct CalibrationBin {
  double low, high;  ///< low < probability <= high; the first holds 0 too
  int64_t images = 0;
  double probability, accuracy;  ///< means over the images; NaN over none
};

/// Whether a task's stated probabilities can be believed.
struct Calibration {
  std::vector<CalibrationBin> bins;  ///< of equal width; none for a head that states no probability
  double expected_error = 0;         ///< mean |accuracy - probability| of the bins, by images; NaN over none
};

/// The figures of one task over the images of one region, light, ...
struct SliceFigures {
  std::vector<std::string> cells;  ///< one per EvaluationResult::slice_columns
  std::string task;
  int64_t images = 0;
  std::vector<Figure> figures;
};

/// An image of which one task says that it shows a defect, and another that it does not.
struct Contradiction {
  std::string image;
  std::vector<std::string> answers;  ///< per task; "" for one that knows no normal class
};

struct EvaluationResult {
  std::string run, data;  ///< the run's name; a sentence: how many images of what
  int64_t images = 0;
  std::vector<TaskResult> tasks;
  std::vector<Calibration> calibrations;  ///< per task
  std::vector<std::string> slice_columns;
  std::vector<SliceFigures> slices;
  std::vector<Contradiction> contradictions;
};

}  // namespace mtl
