#include "framework/explain/class_score.h"

#include <torch/types.h>

#include <algorithm>
#include <limits>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {

at::Tensor log_odds(const at::Tensor& probabilities, const at::Tensor& classes) {
  constexpr double least = std::numeric_limits<double>::min();  // keeps the logarithm of what underflowed finite
  const at::Tensor all = probabilities.to(at::kDouble), chosen = classes.unsqueeze(1);
  const at::Tensor of_class = all.gather(1, chosen).squeeze(1), of_others = all.scatter(1, chosen, 0.0).sum(1);
  return (of_class + least).log() - (of_others + least).log();
}

ClassScore::ClassScore(const GuardedHead& head, const std::string& class_name) : head_(head) {
  if (!class_name.empty()) wanted_ = index_of(class_name);
}

std::vector<ScoreTarget> ClassScore::targets(const at::Tensor& outputs) const {
  const at::Tensor on_cpu = outputs.detach().to(at::kCPU);
  const std::vector<Prediction> answers = head_.predict(on_cpu);
  const std::vector<std::vector<double>> probabilities = head_.probability_rows(on_cpu);
  std::vector<ScoreTarget> targets;
  for (size_t i = 0; i < answers.size(); ++i) {
    ScoreTarget target{answers[i], {}, "", std::numeric_limits<double>::quiet_NaN()};
    if (probabilities[i].size() >= 2) {
      const int64_t index = wanted_ ? *wanted_ : index_of(answers[i].label);
      target.class_index = index;
      target.class_name = head_.classes().names[static_cast<size_t>(index)];
      target.probability = probabilities[i][static_cast<size_t>(index)];
    } else if (wanted_) {
      throw Error(head_.who() + " states no probabilities of its classes, so that none of them can be explained; " +
                  "leave the class out to explain its outputs");
    }
    targets.push_back(std::move(target));
  }
  return targets;
}

at::Tensor ClassScore::values(const at::Tensor& outputs, const std::vector<ScoreTarget>& targets) const {
  std::vector<int64_t> classes;
  for (const ScoreTarget& target : targets)
    if (target.class_index) classes.push_back(*target.class_index);
  if (classes.empty()) return outputs.to(at::kDouble).reshape({outputs.size(0), -1}).sum(1);
  return log_odds(head_.probabilities(outputs), torch::tensor(classes, torch::kInt64).to(outputs.device()));
}

int64_t ClassScore::index_of(const std::string& class_name) const {
  const std::vector<std::string>& names = head_.classes().names;
  const auto found = std::find(names.begin(), names.end(), class_name);
  if (found != names.end()) return found - names.begin();
  throw Error(head_.who() + " has no class " + in_quotes(class_name) + did_you_mean(class_name, names) +
              (names.empty() ? "; it has none" : "; there are " + quoted_list(names)));
}

}  // namespace mtl
