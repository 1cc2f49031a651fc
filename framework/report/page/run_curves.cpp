#include "framework/report/page/run_curves.h"

#include "framework/report/page/epoch_series.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/page_frame.h"
#include "framework/report/page/weighting_curves.h"

namespace mtl {
namespace {

LineChart losses(const Epochs& epochs) {
  LineChart chart{"losses", "Loss per task", "Dashed: training. Solid: validation.", false, false, {}};
  const std::vector<TaskResult>& tasks = epochs.front().validation;
  for (size_t k = 0; k < tasks.size(); ++k) {
    chart.series.push_back(series_of(tasks[k].task + " validation", k, 0, epochs,
                                     [k](const EpochResult& e) { return e.validation.at(k).loss; }));
    chart.series.push_back(series_of(tasks[k].task + " training", k, 1, epochs,
                                     [k](const EpochResult& e) { return value_at(e.train_losses, k); }));
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
  for (const LineChart& chart : weighting_curves(epochs)) blocks.push_back(line_chart(chart));
  return side_by_side(blocks);
}

}  // namespace mtl
