#include "framework/cli/calibrated_tasks.h"

#include <algorithm>
#include <map>

#include "framework/decide/decisions.h"
#include "framework/metrics/calibration.h"

namespace mtl {
namespace {

size_t index_of_largest(const std::vector<double>& values) {
  return static_cast<size_t>(std::max_element(values.begin(), values.end()) - values.begin());
}

bool states_probabilities(const Evaluation& evaluation, size_t task) {
  return !evaluation.probabilities[task].empty() && !evaluation.probabilities[task].front().empty();
}

Calibration calibration_of_answers(const LabelledImages& images) {
  std::vector<double> probabilities;
  std::vector<bool> right;
  for (const RankedAnswer& answer : images.answers) {
    probabilities.push_back(answer.certainty);
    right.push_back(!answer.is_wrong);
  }
  return calibration_of(probabilities, right);
}

}  // namespace

bool knows_defects(const ClassList& classes) {
  const auto normal = std::count(classes.normal.begin(), classes.normal.end(), true);
  return normal > 0 && normal < static_cast<std::ptrdiff_t>(classes.normal.size());
}

LabelledImages labelled_images(const Subject& subject, const Evaluation& evaluation, size_t task, double temperature) {
  const ClassList& classes = subject.run.model->heads()[task].classes();
  std::map<std::string, size_t> parts;
  LabelledImages images;
  if (!states_probabilities(evaluation, task)) return images;
  for (size_t i = 0; i < evaluation.rows.size(); ++i) {
    const std::string& truth = evaluation.truths[task][i];
    const auto found = std::find(classes.names.begin(), classes.names.end(), truth);
    if (found == classes.names.end()) continue;  // not labelled
    const auto true_class = static_cast<size_t>(found - classes.names.begin());
    const std::string& group = subject.images.dataset.table.groups[evaluation.rows[i]];
    const size_t part = parts.try_emplace(group, parts.size()).first->second;
    images.probabilities.push_back(tempered(evaluation.probabilities[task][i], temperature));
    const std::vector<double>& probabilities = images.probabilities.back();
    const size_t answer = index_of_largest(probabilities);
    const bool is_escape = knows_defects(classes) && !classes.normal[true_class] && classes.normal[answer];
    images.truths.push_back(true_class);
    images.answers.push_back({probabilities[answer], answer != true_class, is_escape});
    images.scores.push_back({defect_probability(classes, probabilities), classes.normal[true_class], part});
  }
  images.parts = parts.size();
  return images;
}

std::vector<TaskTemperature> fit_temperatures(const Subject& subject, const Evaluation& evaluation) {
  std::vector<TaskTemperature> temperatures;
  for (size_t k = 0; k < subject.tasks.size(); ++k) {
    const LabelledImages before = labelled_images(subject, evaluation, k, 1);
    if (before.truths.empty()) continue;
    const TemperatureFit fit = fit_temperature(before.probabilities, before.truths);
    temperatures.push_back({subject.tasks[k].name, static_cast<int64_t>(fit.images), fit.temperature, fit.kept_because,
                            fit.loss_before, fit.loss_after, calibration_of_answers(before),
                            calibration_of_answers(labelled_images(subject, evaluation, k, fit.temperature))});
  }
  return temperatures;
}

}  // namespace mtl
