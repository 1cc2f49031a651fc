#include "framework/decide/decisions.h"

#include <algorithm>
#include <cmath>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

double expected_cost(const std::vector<double>& probabilities, const std::vector<double>& cost_of_truth) {
  double sum = 0;
  for (size_t truth = 0; truth < probabilities.size(); ++truth) sum += probabilities[truth] * cost_of_truth[truth];
  return sum;
}

/// Index of the answer of least expected cost, the first of several.
size_t cheapest(const std::vector<double>& expected) {
  return static_cast<size_t>(std::min_element(expected.begin(), expected.end()) - expected.begin());
}

Decision decide_by(const CostMatrix& matrix, const ClassList& classes, const std::vector<double>& probabilities) {
  std::vector<double> expected(probabilities.size(), 0);
  for (size_t answer = 0; answer < expected.size(); ++answer)
    for (size_t truth = 0; truth < probabilities.size(); ++truth)
      expected[answer] += probabilities[truth] * matrix.costs[truth][answer];
  const size_t answer = cheapest(expected);
  const bool looks = !matrix.look.empty() && expected_cost(probabilities, matrix.look) < expected[answer];
  const Verdict verdict = classes.normal[answer] ? Verdict::normal : Verdict::defect;
  return {looks ? Verdict::look : verdict, classes.names[answer], defect_probability(classes, probabilities)};
}

}  // namespace

const char* name_of(Verdict verdict) {
  return verdict == Verdict::normal ? "normal" : verdict == Verdict::look ? "look" : "defect";
}

double defect_probability(const ClassList& classes, const std::vector<double>& probabilities) {
  double sum = 0;
  for (size_t k = 0; k < probabilities.size(); ++k)
    if (!classes.normal[k]) sum += probabilities[k];
  return std::isnan(sum) ? sum : std::clamp(sum, 0.0, 1.0);  // rounding may leave a sum of 1 a little above it
}

Verdict verdict_of(const DefectLimits& limits, double defect_probability) {
  if (defect_probability < limits.pass_below) return Verdict::normal;
  return defect_probability >= limits.fail_from ? Verdict::defect : Verdict::look;
}

Decision decide(const DecisionRule& rule, const std::vector<double>& probabilities) {
  if (probabilities.size() != rule.classes.names.size())
    throw Error("task '" + rule.task + "' stated " + std::to_string(probabilities.size()) +
                " probabilities, its decision rule has " + std::to_string(rule.classes.names.size()) +
                " classes; make the rule again with mtl-engine calibrate");
  if (!std::all_of(probabilities.begin(), probabilities.end(), [](double p) { return std::isfinite(p); }))
    return {Verdict::look, "", std::numeric_limits<double>::quiet_NaN()};
  if (const auto* matrix = std::get_if<CostMatrix>(&rule.by)) return decide_by(*matrix, rule.classes, probabilities);
  const double p = defect_probability(rule.classes, probabilities);
  return {verdict_of(std::get<DefectLimits>(rule.by), p), "", p};
}

void require_fits(const Decisions& decisions, const std::vector<std::string>& tasks,
                  const std::vector<ClassList>& classes, const std::filesystem::path& file) {
  const auto require_task = [&](const std::string& task) {
    const auto found = std::find(tasks.begin(), tasks.end(), task);
    if (found == tasks.end())
      throw Error(file.string() + " is about task " + in_quotes(task) + ", the model has " + quoted_list(tasks) +
                  did_you_mean(task, tasks) + "; make it again with mtl-engine calibrate");
    return static_cast<size_t>(found - tasks.begin());
  };
  for (const auto& [task, temperature] : decisions.temperatures) require_task(task);
  if (!decisions.rule) return;
  const DecisionRule& rule = *decisions.rule;
  const ClassList& expected = classes[require_task(rule.task)];
  if (rule.classes.names != expected.names)
    throw Error(file.string() + " is for the classes " + quoted_list(rule.classes.names) + ", task " +
                in_quotes(rule.task) + " of the model has " +
                (expected.names.empty() ? "none" : quoted_list(expected.names)) +
                "; make it again with mtl-engine calibrate");
  if (rule.classes.normal != expected.normal)
    throw Error(file.string() + " takes other classes of task " + in_quotes(rule.task) +
                " for normal than the model does; make it again with mtl-engine calibrate");
}

}  // namespace mtl
