#pragma once

#include <cstdint>
#include <optional>
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

/// The shares that follow when every image whose defect probability is the limit or more is called a defect.
struct RankingPoint {
  double limit;                ///< one of the images' defect probabilities
  double false_positive_rate;  ///< normal images called a defect / normal images: the overkill rate at this limit
  double recall;               ///< defect images called a defect / defect images: 1 - the escape rate at this limit
  double precision;            ///< defect images called a defect / images called a defect
};

/// How well one task's defect probability tells defect images from normal ones, whatever the limit.
struct Ranking {
  int64_t defects = 0, normals = 0;       ///< images, both from 1
  double area = 0;                        ///< under the ROC curve (AUC)
  double area_low = 0, area_high = 0;     ///< its 95 % interval; both NaN where there is none
  double average_precision = 0;           ///< the area under the stepped precision-recall curve
  std::vector<RankingPoint> points = {};  ///< one per distinct defect probability, from the highest down
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
  /// Per task; none for one that knows no normal class, states no probabilities, or has images of one kind alone.
  std::vector<std::optional<Ranking>> rankings;
  std::vector<std::string> slice_columns;
  std::vector<SliceFigures> slices;
  std::vector<Contradiction> contradictions;
};

}  // namespace mtl
