#pragma once

#include <string>
#include <vector>

#include "framework/report/page/table.h"
#include "framework/report/run_result.h"

namespace mtl {

/// Counts over one or more runs on the same images.
struct CountsOverRuns {
  const ConfusionCounts& confusion;
  int64_t runs = 1;  ///< that were summed, from 1
};

/// A cell per pair of classes, coloured by its share of the images of the true class: right ones as good, wrong ones as
/// bad. Beyond 40 classes a matrix cannot be read, and the most frequent mistakes are listed instead.
Table confusion_table(const std::string& id, const std::string& caption, const CountsOverRuns& counts);

/// `counts` minus `reference`, in images per run: more right ones or fewer wrong ones are coloured as good. Both know
/// the same classes.
Table confusion_difference(const std::string& id, const std::string& caption, const CountsOverRuns& counts,
                           const CountsOverRuns& reference);

/// A row per class: precision, recall, F1 and the images of it.
Table class_table(const std::string& id, const std::string& caption, const ConfusionCounts& confusion);

}  // namespace mtl
