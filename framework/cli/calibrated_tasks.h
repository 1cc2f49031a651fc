#pragma once

#include <string>
#include <vector>

#include "framework/cli/eval_subject.h"
#include "framework/decide/reject_curve.h"
#include "framework/decide/scored_image.h"
#include "framework/report/calibration_result.h"

namespace mtl {

/// Fits a temperature for every task that states probabilities and has labelled images, in the order of the tasks.
std::vector<TaskTemperature> fit_temperatures(const Subject& subject, const Evaluation& evaluation);

/// The labelled images of one task that states probabilities.
struct LabelledImages {
  std::vector<std::vector<double>> probabilities;  ///< [N][K], after temperature
  std::vector<size_t> truths;                      ///< [N], indexes of classes
  std::vector<ScoredImage> scores;                 ///< [N]; parts are the data's groups
  std::vector<RankedAnswer> answers;               ///< [N]
  size_t parts = 0;
};

/// Of task `task`, by index.
LabelledImages labelled_images(const Subject& subject, const Evaluation& evaluation, size_t task, double temperature);

/// Whether the classes tell normal from defect.
bool knows_defects(const ClassList& classes);

}  // namespace mtl
