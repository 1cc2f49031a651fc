#include "framework/report/page/ranking_html.h"

#include <cmath>

#include "framework/report/page/curve_plot.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/page_frame.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

constexpr const char* introduction =
    "The defect probability of an image is the sum over the classes that are defects. Calling an image a defect from a "
    "limit on, and moving that limit, trades defects that pass for good parts that are rejected: these curves show "
    "every such trade, whatever limit is used today.";

double defect_share(const Ranking& ranking) {
  return static_cast<double>(ranking.defects) / static_cast<double>(ranking.defects + ranking.normals);
}

std::string interval_text(const Ranking& ranking) {
  return std::isfinite(ranking.area_low) ? fixed_text(ranking.area_low, 3) + " to " + fixed_text(ranking.area_high, 3)
                                         : "–";
}

Table figures(const EvaluationResult& result) {
  Table table{
      "rankings",
      "Defect against normal by task",
      "The area under the ROC curve is the chance that a defect image has a higher defect probability than a "
      "normal one: 0.5 is guessing. Its 95 % interval (DeLong 1988) takes images for independent; where several "
      "show one part it is too narrow, and where all pairs are in one order, or fewer than two images are of a "
      "kind, there is none. Average precision is the area under the precision-recall curve; the share of defects "
      "is what guessing reaches.",
      {{"task", {"task"}},
       {"defect images", {"defects"}, true},
       {"normal images", {"normals"}, true},
       {"area under the ROC", {"area"}, true},
       {"95 % interval", {"low", "high"}, true},
       {"average precision", {"average_precision"}, true},
       {"share of defects", {"defect_share"}, true}},
      {}};
  for (size_t k = 0; k < result.tasks.size(); ++k)
    if (const auto& ranking = result.rankings[k])
      table.rows.push_back({{result.tasks[k].task, {}},
                            {std::to_string(ranking->defects), {}},
                            {std::to_string(ranking->normals), {}},
                            {fixed_text(ranking->area, 3), {}},
                            {interval_text(*ranking), {}},
                            {fixed_text(ranking->average_precision, 3), {}},
                            {fixed_text(defect_share(*ranking), 3), {}}});
  return table;
}

double value_of(const TaskResult& task, const std::string& name) {
  for (const Figure& figure : task.figures)
    if (figure.name == name) return figure.value;
  return no_number;
}

/// Where the most probable class of each image lies; drawn only where the task states both rates.
CurveMark own_answers(const TaskResult& task) {
  return {"its own answers", value_of(task, "overkill_rate"), 1 - value_of(task, "escape_rate")};
}

std::string roc_plot(const std::string& number, const TaskResult& task, const Ranking& ranking) {
  Curve curve{"model", {{0, 0}}};
  for (const RankingPoint& point : ranking.points) curve.points.push_back({point.false_positive_rate, point.recall});
  CurvePlot plot{"roc-" + number,
                 "Task " + task.task + ": ROC",
                 "The nearer to the upper left corner, the better; the diagonal is guessing.",
                 "normal images called a defect (overkill rate)",
                 "defect images called a defect (1 − escape rate)",
                 {curve},
                 {own_answers(task)}};
  if (std::isfinite(plot.marks[0].x + plot.marks[0].y))
    plot.note += " The mark is where the task's own answers lie, the most probable class of each image.";
  plot.diagonal = true;
  return curve_plot(plot);
}

std::string precision_recall_plot(const std::string& number, const TaskResult& task, const Ranking& ranking) {
  // The precision at the highest limit holds down to a recall of 0, as in the sum of the average precision.
  Curve curve{"model", {{0, ranking.points.front().precision}}};
  for (const RankingPoint& point : ranking.points) curve.points.push_back({point.recall, point.precision});
  const double share = defect_share(ranking);
  CurvePlot plot{"precision-recall-" + number,
                 "Task " + task.task + ": precision and recall of defects",
                 "The nearer to the upper right corner, the better. Guessing reaches the share of defects among these "
                 "images, so this curve depends on it; the ROC curve does not.",
                 "recall: defect images called a defect",
                 "precision: images called a defect that are one",
                 {curve, {"guessing", {{0, share}, {1, share}}, 1}},
                 {}};
  plot.is_stepped = true;
  return curve_plot(plot);
}

}  // namespace

std::string rankings_html(const EvaluationResult& result) {
  std::string plots;
  for (size_t k = 0; k < result.tasks.size(); ++k)
    if (const auto& ranking = result.rankings[k]) {
      const std::string number = std::to_string(k);
      plots += side_by_side(
          {roc_plot(number, result.tasks[k], *ranking), precision_recall_plot(number, result.tasks[k], *ranking)});
    }
  return plots.empty() ? "" : paragraph(introduction) + table_html(figures(result)) + plots;
}

std::string ranking_text(const Ranking& ranking) {
  return "area under the ROC " + fixed_text(ranking.area, 3) +
         (std::isfinite(ranking.area_low) ? " (" + interval_text(ranking) + ")" : "") + ", average precision " +
         fixed_text(ranking.average_precision, 3);
}

}  // namespace mtl
