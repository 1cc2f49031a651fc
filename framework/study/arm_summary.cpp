#include "framework/study/arm_summary.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

namespace mtl {
namespace {

constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// The standard deviation of a sample.
double deviation_of(const std::vector<double>& values) {
  if (values.size() < 2) return nan;
  const double mean = mean_of(values);
  double squares = 0;
  for (const double value : values) squares += (value - mean) * (value - mean);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

std::vector<FigureSummary> summarize_figures(const ArmOutcomes& arm, const TestImages& images) {
  std::vector<FigureSummary> figures;
  for (const ImageFigure& figure : image_figures(images.knows_normal)) {
    FigureSummary summary;
    summary.name = figure.name;
    summary.higher_is_better = figure.higher_is_better;
    for (const RunOutcome& run : arm.runs) summary.by_seed.push_back(mean_of(values_of(figure, run, images)));
    summary.mean = mean_of(summary.by_seed);
    summary.deviation = deviation_of(summary.by_seed);
    figures.push_back(std::move(summary));
  }
  return figures;
}

std::vector<AuxiliarySummary> summarize_auxiliaries(const ArmOutcomes& arm) {
  std::vector<AuxiliarySummary> all;
  const std::vector<TaskResult>& tasks = arm.runs.front().record.test;
  for (size_t k = 0; k < tasks.size(); ++k) {
    if (tasks[k].main) continue;
    const Figure& figure = tasks[k].figures.front();
    AuxiliarySummary summary{tasks[k].task, figure.name, figure.is_share, {}, 0, 0};
    for (const RunOutcome& run : arm.runs) summary.by_seed.push_back(run.record.test.at(k).figures.front().value);
    summary.mean = mean_of(summary.by_seed);
    summary.deviation = deviation_of(summary.by_seed);
    all.push_back(std::move(summary));
  }
  return all;
}

TaskEpoch mean_epoch(const std::vector<const EpochResult*>& epochs, size_t task, const std::string& name) {
  const auto mean = [&](auto&& value) {
    std::vector<double> values;
    for (const EpochResult* epoch : epochs) values.push_back(value(*epoch));
    return mean_of(values);
  };
  const auto measured = [task](const std::vector<double>& values) { return values.empty() ? nan : values[task]; };
  return {name,
          mean([&](const EpochResult& e) { return e.train_losses[task]; }),
          mean([&](const EpochResult& e) { return e.validation[task].loss; }),
          mean([&](const EpochResult& e) { return e.validation[task].figures.front().value; }),
          mean([&](const EpochResult& e) { return e.weights[task]; }),
          mean([&](const EpochResult& e) { return measured(e.gradient_norms); }),
          mean([&](const EpochResult& e) { return measured(e.gradient_cosines); })};
}

std::vector<EpochSummary> summarize_epochs(const ArmOutcomes& arm) {
  std::map<int64_t, std::vector<const EpochResult*>> by_epoch;
  for (const RunOutcome& run : arm.runs)
    for (const EpochResult& epoch : run.epochs) by_epoch[epoch.epoch].push_back(&epoch);
  std::vector<EpochSummary> summaries;
  const std::vector<TaskResult>& tasks = arm.runs.front().record.test;
  for (const auto& [number, epochs] : by_epoch) {
    summaries.push_back({number, {}});
    for (size_t k = 0; k < tasks.size(); ++k) summaries.back().tasks.push_back(mean_epoch(epochs, k, tasks[k].task));
  }
  return summaries;
}

ConfusionCounts sum_of_confusions(const ArmOutcomes& arm) {
  ConfusionCounts sum = arm.runs.front().main().confusion.front();
  for (size_t r = 1; r < arm.runs.size(); ++r) {
    const auto& counts = arm.runs[r].main().confusion.front().counts;
    for (size_t truth = 0; truth < counts.size(); ++truth)
      for (size_t predicted = 0; predicted < counts.size(); ++predicted)
        sum.counts[truth][predicted] += counts[truth][predicted];
  }
  return sum;
}

std::vector<SliceSummary> summarize_slices(const ArmOutcomes& arm, const TestImages& images) {
  std::map<std::vector<std::string>, std::vector<double>> values;
  const ImageFigure accuracy = image_figures(false).front();
  for (const RunOutcome& run : arm.runs) {
    const std::vector<double> right = values_of(accuracy, run, images);
    for (size_t i = 0; i < images.size(); ++i) values[images.slices[i]].push_back(right[i]);
  }
  std::vector<SliceSummary> slices;
  for (const auto& [cells, right] : values)
    if (!cells.empty()) slices.push_back({cells, static_cast<int64_t>(right.size() / arm.runs.size()), mean_of(right)});
  return slices;
}

}  // namespace

ArmResult summarize(const ArmOutcomes& arm, const TestImages& images) {
  ArmResult result;
  result.name = arm.name;
  result.is_reference = arm.is_reference;
  if (arm.runs.empty()) return result;
  const RunOutcome& first = arm.runs.front();
  for (const TaskResult& task : first.record.test) result.tasks.push_back(task.task);
  for (const RunOutcome& run : arm.runs) result.seeds.push_back(run.record.seed);
  result.figures = summarize_figures(arm, images);
  result.auxiliaries = summarize_auxiliaries(arm);
  result.epochs = summarize_epochs(arm);
  result.validation_figure = first.main().figures.front().name;
  result.validation_is_share = first.main().figures.front().is_share;
  result.confusion = sum_of_confusions(arm);
  result.slices = summarize_slices(arm, images);
  result.settings = first.settings;
  return result;
}

}  // namespace mtl
