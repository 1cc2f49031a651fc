#pragma once

#include <memory>
#include <string>
#include <vector>

#include "framework/infer/picture_answers.h"

namespace mtl {

/// How answers are written, a line per picture.
class AnswerText {
 public:
  virtual ~AnswerText() = default;
  virtual std::string header() const = 0;  ///< with its line end; "": none
  virtual std::string line(const PictureAnswers& picture) const = 0;
};

/// What there is to write of each picture.
struct AnswerColumns {
  std::vector<std::string> tasks;
  std::vector<ClassList> classes;  ///< per task; no names for a head that is no classifier
  size_t most_probable = 1;        ///< how many of a task's classes are told, from the most probable on
  bool has_decision = false;
};

AnswerColumns columns_of(const MultiTaskModel& model, const Decisions& decisions, size_t most_probable);

/// "jsonl": {"image": ..., "decision": ..., "tasks": {"A": {"label": ..., "probability": ..., "top": [...]}}} or
/// {"image": ..., "error": ...};
/// "csv": image, per task NAME_prediction and NAME_probability (and NAME_2_prediction, ...), decision, error;
/// "table": aligned columns for people, as wide as the classes' names are.
std::unique_ptr<AnswerText> answer_text(const std::string& format, AnswerColumns columns);

}  // namespace mtl
