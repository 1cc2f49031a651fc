#include "framework/infer/answer_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <numeric>

#include "framework/infer/answer_formats.h"

namespace mtl {
namespace answers {

std::string probability_text(double probability, const char* format) {
  if (!std::isfinite(probability)) return "";
  char text[32];
  std::snprintf(text, sizeof text, format, probability);
  return text;
}

std::vector<Prediction> most_probable(const Answer& answer, const ClassList& classes, size_t count) {
  std::vector<Prediction> top{answer.prediction};
  std::vector<size_t> order(answer.probabilities.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return answer.probabilities[a] > answer.probabilities[b]; });
  for (const size_t c : order)
    if (top.size() < count && classes.names[c] != answer.prediction.label)
      top.push_back({classes.names[c], answer.probabilities[c]});
  return top;
}

}  // namespace answers

AnswerColumns columns_of(const MultiTaskModel& model, const Decisions& decisions, size_t most_probable) {
  AnswerColumns columns{{}, {}, most_probable, decisions.rule.has_value()};
  for (const GuardedHead& head : model.heads()) {
    columns.tasks.push_back(head.task());
    columns.classes.push_back(head.classes());
  }
  return columns;
}

std::unique_ptr<AnswerText> answer_text(const std::string& format, AnswerColumns columns) {
  if (format == "jsonl") return answers::as_json_lines(std::move(columns));
  if (format == "csv") return answers::as_csv(std::move(columns));
  return answers::as_table(std::move(columns));
}

}  // namespace mtl
