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

/// "jsonl": {"image": ..., "tasks": {"A": {"label": ..., "probability": ...}}} or {"image": ..., "error": ...};
/// "csv": image, per task NAME_prediction and NAME_probability, error;
/// "table": aligned columns for people, as wide as the classes' names are.
std::unique_ptr<AnswerText> answer_text(const std::string& format, const MultiTaskModel& model);

}  // namespace mtl
