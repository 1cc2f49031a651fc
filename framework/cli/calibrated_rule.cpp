#include "framework/cli/calibrated_rule.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/number_text.h"
#include "mtl/text.h"

namespace mtl {
namespace {

std::vector<Verdict> verdicts_of(const DecisionRule& rule, const LabelledImages& images) {
  std::vector<Verdict> verdicts;
  for (const std::vector<double>& probabilities : images.probabilities)
    verdicts.push_back(decide(rule, probabilities).verdict);
  return verdicts;
}

/// Means over the images of what the rule's answers cost, and the most probable class.
void add_costs(CalibratedRule& found, const LabelledImages& images) {
  const auto& matrix = std::get<CostMatrix>(found.rule.by);
  const std::vector<std::string>& names = found.rule.classes.names;
  for (size_t i = 0; i < images.truths.size(); ++i) {
    const std::vector<double>& probabilities = images.probabilities[i];
    const std::vector<double>& costs = matrix.costs[images.truths[i]];
    const Decision decision = decide(found.rule, probabilities);
    const auto answer = std::find(names.begin(), names.end(), decision.label) - names.begin();
    const auto plain = std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
    found.plain_cost += costs[static_cast<size_t>(plain)];
    found.mean_cost +=
        decision.verdict == Verdict::look ? matrix.look[images.truths[i]] : costs[static_cast<size_t>(answer)];
  }
  found.mean_cost /= static_cast<double>(images.truths.size());
  found.plain_cost /= static_cast<double>(images.truths.size());
}

std::string limits_sentence(const std::string& task, const DefectLimits& limits) {
  const std::string lead = "Task " + task + ": a part passes where its defect probability is below " +
                           general_text(limits.pass_below) + "; ";
  if (limits.fail_from == limits.pass_below) return lead + "any other is rejected as defective.";
  if (limits.fail_from > 1) return lead + "a person looks at every other one.";
  return lead + "from " + general_text(limits.fail_from) +
         " on it is rejected as defective; in between a person looks.";
}

std::string promise_sentence(const LimitPromise& promise, const char* kind, const char* what, double confidence) {
  const std::string allowed = std::to_string(promise.allowed) + " of these " + std::to_string(promise.observations);
  if (std::isnan(promise.bound))
    return "Nothing is promised: the limit is the one at which at most " + allowed + " images of " + kind + " parts " +
           what + ", which is the share of " + share_text(promise.wanted) + " that was asked for.";
  return "Promised with " + general_text(100 * confidence) + " % confidence: of all " + kind +
         " parts like these at most " + share_text(promise.bound) + " " + what +
         " (asked for: " + share_text(promise.wanted) + "; at most " + allowed + " do).";
}

}  // namespace

CalibratedRule rule_of_limits(const std::string& task, const ClassList& classes, const LabelledImages& images,
                              const CalibrateArguments& arguments) {
  const double confidence = arguments.confidence.value_or(usual_confidence);
  const ChosenLimits chosen = choose_limits(
      images.scores, {arguments.max_escape.value(), arguments.max_overkill, confidence, arguments.observed});
  return {{task, classes, chosen.limits},
          chosen.escape,
          chosen.overkill,
          decision_rates(images.scores, chosen.limits, confidence)};
}

CalibratedRule rule_of_costs(const std::string& task, const ClassList& classes, const LabelledImages& images,
                             CostMatrix costs, double confidence) {
  CalibratedRule found{{task, classes, std::move(costs)}, std::nullopt, std::nullopt, {}};
  found.rates = decision_rates(images.scores, verdicts_of(found.rule, images), confidence);
  add_costs(found, images);
  return found;
}

std::vector<std::string> sentences_of(const CalibratedRule& found, const CalibrateArguments& arguments) {
  const std::string& task = found.rule.task;
  if (const auto* matrix = std::get_if<CostMatrix>(&found.rule.by)) {
    const std::string look = matrix->look.empty() ? "" : ", or a person looks where that costs less";
    return {"Task " + task + ": each picture gets the class of the least expected cost" + look + ".",
            "On these pictures that costs " + general_text(found.mean_cost) +
                " per picture; the most probable class would cost " + general_text(found.plain_cost) +
                ". No rate is promised: the costs alone decide."};
  }
  const double confidence = arguments.confidence.value_or(usual_confidence);
  std::vector<std::string> sentences{limits_sentence(task, std::get<DefectLimits>(found.rule.by)),
                                     promise_sentence(*found.escape, "defective", "escape", confidence)};
  if (found.overkill) sentences.push_back(promise_sentence(*found.overkill, "normal", "are rejected", confidence));
  if (arguments.data.empty() && arguments.split == "val" && !arguments.observed)
    sentences.push_back(
        "The run chose its best epoch on these same pictures, which flatters them a little; pictures that it never "
        "saw, "
        "given with --data, make the promise a clean one.");
  return sentences;
}

}  // namespace mtl
