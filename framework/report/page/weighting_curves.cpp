#include "framework/report/page/weighting_curves.h"

#include <algorithm>
#include <cmath>

#include "framework/report/effective_learning_rate.h"
#include "framework/report/page/epoch_series.h"

namespace mtl {
namespace {

using Values = std::vector<double> EpochResult::*;

bool is_measured(const LineSeries& series) {
  return std::any_of(series.values.begin(), series.values.end(), [](double value) { return std::isfinite(value); });
}

bool changes(const LineSeries& series) {
  return std::any_of(series.values.begin(), series.values.end(),
                     [&](double value) { return value != series.values.front(); });
}

/// A line for each task, or each auxiliary one, that has values.
void add_tasks(LineChart& chart, const Epochs& epochs, Values values, bool with_main) {
  const std::vector<TaskResult>& tasks = epochs.front().validation;
  for (size_t k = 0; k < tasks.size(); ++k) {
    if (tasks[k].main && !with_main) continue;
    const LineSeries series =
        series_of(tasks[k].task, k, k, epochs, [&](const EpochResult& epoch) { return value_at(epoch.*values, k); });
    if (is_measured(series)) chart.series.push_back(series);
  }
}

}  // namespace

std::vector<LineChart> weighting_curves(const Epochs& epochs) {
  LineChart weights{"weights", "Loss weight per task", "Mean over the epoch's steps.", false, true, {}};
  add_tasks(weights, epochs, &EpochResult::weights, true);
  const bool is_adaptive = std::any_of(weights.series.begin(), weights.series.end(), changes);
  LineChart rate{"effective-rate",
                 "Effective learning rate of the shared part",
                 "The learning rate times the sum of the weights.",
                 false,
                 false,
                 {series_of("last step of the epoch", 6, 0, epochs, effective_learning_rate)}};
  LineChart norms{"norms", "Gradient norm per task", "Of its loss on the shared parameters.", false, true, {}};
  add_tasks(norms, epochs, &EpochResult::gradient_norms, true);
  LineChart cosines{
      "cosines",
      "Gradients of the auxiliary tasks against the main one's",
      "Cosine of the two gradients on the shared parameters. Above 0 both tasks pull the same way, near 0 "
      "they do not interfere, below 0 a step for the one undoes a part of the other.",
      false,
      true,
      {}};
  add_tasks(cosines, epochs, &EpochResult::gradient_cosines, false);
  LineChart conflicts{"conflicts",
                      "Conflicts with the main task",
                      "The share of measured steps in which that cosine is below 0.",
                      true,
                      true,
                      {}};
  add_tasks(conflicts, epochs, &EpochResult::gradient_conflicts, false);

  std::vector<LineChart> charts;
  if (is_adaptive) charts.insert(charts.end(), {weights, rate});
  for (const LineChart& chart : {norms, cosines, conflicts})
    if (!chart.series.empty()) charts.push_back(chart);
  return charts;
}

}  // namespace mtl
