#include "framework/report/page/calibration_plots.h"

#include <cmath>

#include "framework/report/page/curve_plot.h"
#include "framework/report/page/number_text.h"

namespace mtl {
namespace {

double value_at(const std::vector<LimitPoint>& limits, double limit, double LimitPoint::*rate) {
  double value = std::nan("");
  for (const LimitPoint& point : limits) {
    value = point.*rate;
    if (point.limit >= limit) break;
  }
  return value;
}

}  // namespace

std::string limits_plot(const CalibrationResult& result) {
  if (result.limits.empty()) return "";
  CurvePlot plot{
      "limits-plot",
      "Task " + result.task + ": escape and overkill of every limit",
      "One limit, under which a part passes and from which it fails: the lower it is, the fewer defects "
      "escape and the more normal parts are rejected. By images.",
      "limit on the defect probability",
      "share of images",
      {{"escape: images of defects that pass", {}, 0}, {"overkill: images of normal parts that fail", {}, 1}},
      {}};
  plot.is_stepped = true;
  for (const LimitPoint& point : result.limits) {
    plot.curves[0].points.push_back({point.limit, point.escape});
    plot.curves[1].points.push_back({point.limit, point.overkill});
  }
  for (const NamedLimit& chosen : result.chosen)
    if (chosen.limit <= 1)
      plot.marks.push_back(
          {chosen.name, chosen.limit,
           value_at(result.limits, chosen.limit, chosen.is_fail ? &LimitPoint::overkill : &LimitPoint::escape)});
  return curve_plot(plot);
}

std::string rejects_plot(const CalibrationResult& result) {
  if (result.rejects.empty()) return "";
  CurvePlot plot{"rejects-plot",
                 "Task " + result.task + ": rejects against errors",
                 "Where a person looks at the pictures that the task is least sure of, so many of the rest are wrong. "
                 "Mean over all shares of rejects: errors " +
                     share_text(result.error_area) +
                     (result.knows_defects ? ", escapes " + share_text(result.escape_area) : "") +
                     "; the less, the better the task knows when it is wrong. rejects.csv has every point.",
                 "share of images that a person looks at",
                 "share of the rest",
                 {{"wrong class", {}, 0}},
                 {}};
  plot.fit_y = true;
  if (result.knows_defects) plot.curves.push_back({"escape: a defect taken for normal", {}, 1});
  for (const RejectedShare& share : result.rejects) {
    plot.curves[0].points.push_back({share.rejected, share.errors});
    if (result.knows_defects) plot.curves[1].points.push_back({share.rejected, share.escapes});
  }
  return curve_plot(plot);
}

}  // namespace mtl
