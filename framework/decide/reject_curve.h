#pragma once

#include <vector>

namespace mtl {

/// One image's answer.
struct RankedAnswer {
  double certainty;  ///< the largest probability
  bool is_wrong;
  bool is_escape;  ///< a defect that is answered with a normal class
};

/// The least sure answers are left to a person; what is wrong of the rest.
struct RejectPoint {
  double rejected;   ///< share of all images
  double certainty;  ///< the least of the rest
  double errors;     ///< share of the rest that is wrong
  double escapes;    ///< share of the rest that is an escape
};

struct RejectCurve {
  std::vector<RejectPoint> points;  ///< for 0, 1, ... N-1 images rejected
  double error_area, escape_area;   ///< means over the points; NaN over no image
};

/// Rejects against errors (risk over coverage; Geifman and El-Yaniv, Selective Classification for Deep Neural Networks,
/// NeurIPS 2017). Among images of equal certainty none comes first: of a part of them, the same part is wrong.
RejectCurve reject_curve(std::vector<RankedAnswer> answers);

}  // namespace mtl
