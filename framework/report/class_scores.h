#pragma once

#include <cstdint>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// What follows from the counts of one class. NaN where it is not defined: the precision of what was never predicted.
struct ClassFigures {
  double precision, recall, f1;
  int64_t support;  ///< images whose true class it is
};

/// In the order of the classes.
std::vector<ClassFigures> class_scores(const ConfusionCounts& confusion);

}  // namespace mtl
