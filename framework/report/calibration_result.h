#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "framework/report/evaluation_result.h"

/// What a calibration of a finished run found, as plain values.
namespace mtl {

/// How far one task's stated probabilities could be believed before and after its temperature.
struct TaskTemperature {
  std::string task;
  int64_t images = 0;  ///< labelled
  double temperature = 1;
  std::string kept_because;        ///< why nothing was fitted; "": it was
  double loss_before, loss_after;  ///< mean negative log-likelihood, in nats; NaN over no image
  Calibration before, after;
};

/// Something counted in two ways, with exact intervals.
struct CountedRate {
  std::string name, meaning;  ///< "escape"; what is counted, of what
  struct Count {
    std::string noun;  ///< "image", "part"
    int64_t found, of;
    double low, high;
  };
  std::vector<Count> counts;
};

/// What one limit would do, as shares of the images.
struct LimitPoint {
  double limit;
  double escape;    ///< images of defects under it
  double overkill;  ///< images of normal parts at or above it
};

/// The share of images that is left to a person, and what is wrong of the rest.
struct RejectedShare {
  double rejected, certainty, errors, escapes;
};

struct NamedLimit {
  std::string name;
  double limit;          ///< above 1: never reached
  bool is_fail = false;  ///< from it on a part fails, rather than passes below it
};

struct CalibrationResult {
  std::string run, data;  ///< the run's name; a sentence: how many images of how many parts of what
  std::vector<TaskTemperature> temperatures;
  std::string task;                ///< of the rule and the curves; "": no task has curves
  bool knows_defects = false;      ///< whether that task has normal and defect classes
  std::vector<std::string> rule;   ///< what is decided and promised, a sentence each; none: there is no rule
  double confidence = 0.95;        ///< of the intervals
  std::vector<CountedRate> rates;  ///< of the rule
  std::vector<LimitPoint> limits;  ///< rising; none where the task knows no defects
  std::vector<NamedLimit> chosen;  ///< of the rule
  std::vector<RejectedShare> rejects;
  double error_area = 0, escape_area = 0;
};

}  // namespace mtl
