#pragma once

#include <string>
#include <vector>

namespace mtl {

/// One image's answer, as text for tables and files.
struct Prediction {
  std::string label;
  double probability;  ///< of `label`, 0..1; NaN where the head states none
};

/// One number that says how well a task is done.
struct Figure {
  std::string name;  ///< "accuracy", "mean_absolute_error": [a-z0-9_]
  double value;      ///< NaN where it is not defined, e.g. the accuracy over no image
  bool higher_is_better;
  bool is_share;  ///< a share in 0..1, shown as per cent
};

/// The classes of a head that classifies, in the order of their indexes; empty for a head that does not.
struct ClassList {
  std::vector<std::string> names;
  std::vector<bool> normal;  ///< per class: a good part; all false where the task knows no such thing
};

}  // namespace mtl
