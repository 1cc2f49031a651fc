#include "framework/report/page/run_curves.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/line_chart.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/page_frame.h"
#include "framework/report/page/table.h"

namespace mtl {
namespace {

using Epochs = std::vector<EpochResult>;

double at(const std::vector<double>& values, size_t index) { return index < values.size() ? values[index] : no_number; }

template <class Value>
LineSeries series_of(const std::string& name, size_t look, size_t dash, const Epochs& epochs, Value&& value) {
  LineSeries series{name, {}, look, dash};
  for (const EpochResult& epoch : epochs) series.values.push_back(value(epoch));
  return series;
}

LineChart losses(const Epochs& epochs) {
  LineChart chart{"losses", "Loss per task", "Dashed: training. Solid: validation.", false, false, {}};
  const std::vector<TaskResult>& tasks = epochs.front().validation;
  for (size_t k = 0; k < tasks.size(); ++k) {
    chart.series.push_back(series_of(tasks[k].task + " validation", k, 0, epochs,
                                     [k](const EpochResult& e) { return e.validation.at(k).loss; }));
    chart.series.push_back(series_of(tasks[k].task + " training", k, 1, epochs,
                                     [k](const EpochResult& e) { return at(e.train_losses, k); }));
  }
  return chart;
}

/// The shares together, every other figure by itself: per cent and pixels share no axis.
std::vector<LineChart> figures(const Epochs& epochs) {
  LineChart shares{"figures", "Validation", "", true, false, {}};
  std::vector<LineChart> others;
  const std::vector<TaskResult>& tasks = epochs.front().validation;
  for (size_t k = 0; k < tasks.size(); ++k) {
    if (tasks[k].figures.empty()) continue;
    const Figure& figure = tasks[k].figures.front();
    const LineSeries series =
        series_of(tasks[k].task + " " + spaced(figure.name), k, k, epochs, [k](const EpochResult& e) {
          return e.validation.at(k).figures.empty() ? no_number : e.validation[k].figures.front().value;
        });
    if (figure.is_share)
      shares.series.push_back(series);
    else
      others.push_back({"figure-" + std::to_string(k),
                        "Validation: " + tasks[k].task + " " + spaced(figure.name),
                        "",
                        false,
                        false,
                        {series}});
  }
  if (!shares.series.empty()) others.insert(others.begin(), shares);
  return others;
}

LineChart cosines(const Epochs& epochs) {
  LineChart chart{"cosines",
                  "Gradients of the auxiliary tasks against the main one's",
                  "Cosine of the two gradients on the shared parameters. Above 0 both tasks pull the same way, near 0 "
                  "they do not interfere, below 0 a step for the one undoes a part of the other.",
                  false,
                  true,
                  {}};
  const std::vector<TaskResult>& tasks = epochs.front().validation;
  for (size_t k = 0; k < tasks.size(); ++k) {
    if (tasks[k].main) continue;
    const LineSeries series =
        series_of(tasks[k].task, k, k, epochs, [k](const EpochResult& e) { return at(e.gradient_cosines, k); });
    if (std::any_of(series.values.begin(), series.values.end(), [](double v) { return std::isfinite(v); }))
      chart.series.push_back(series);
  }
  return chart;
}

}  // namespace

std::string run_curves(const Epochs& epochs) {
  if (epochs.empty()) return paragraph("No epoch is finished yet.", "note");
  std::vector<std::string> blocks;
  for (const LineChart& chart : figures(epochs)) blocks.push_back(line_chart(chart));
  blocks.push_back(line_chart(losses(epochs)));
  blocks.push_back(line_chart(
      {"rate",
       "Learning rate",
       "",
       false,
       false,
       {series_of("last step of the epoch", 6, 0, epochs, [](const EpochResult& e) { return e.learning_rate; })}}));
  if (const LineChart chart = cosines(epochs); !chart.series.empty()) blocks.push_back(line_chart(chart));
  return side_by_side(blocks);
}

}  // namespace mtl
