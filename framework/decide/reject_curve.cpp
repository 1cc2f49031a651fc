#include "framework/decide/reject_curve.h"

#include <algorithm>

namespace mtl {

RejectCurve reject_curve(std::vector<RankedAnswer> answers) {
  std::sort(answers.begin(), answers.end(),
            [](const RankedAnswer& a, const RankedAnswer& b) { return a.certainty > b.certainty; });
  const auto all = static_cast<double>(answers.size());
  RejectCurve curve{{}, 0, 0};
  double kept = 0, errors = 0, escapes = 0;
  for (size_t first = 0, last; first < answers.size(); first = last) {
    double errors_here = 0, escapes_here = 0;
    for (last = first; last < answers.size() && answers[last].certainty == answers[first].certainty; ++last) {
      errors_here += answers[last].is_wrong ? 1 : 0;
      escapes_here += answers[last].is_escape ? 1 : 0;
    }
    const auto equal = static_cast<double>(last - first);
    for (double taken = 1; taken <= equal; ++taken)
      curve.points.push_back({(all - kept - taken) / all, answers[first].certainty,
                              (errors + errors_here * taken / equal) / (kept + taken),
                              (escapes + escapes_here * taken / equal) / (kept + taken)});
    kept += equal;
    errors += errors_here;
    escapes += escapes_here;
  }
  std::reverse(curve.points.begin(), curve.points.end());
  for (const RejectPoint& point : curve.points) {
    curve.error_area += point.errors;
    curve.escape_area += point.escapes;
  }
  curve.error_area /= all;
  curve.escape_area /= all;
  return curve;
}

}  // namespace mtl
