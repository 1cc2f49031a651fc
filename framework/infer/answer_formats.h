#pragma once

#include <memory>
#include <string>
#include <vector>

#include "framework/infer/answer_text.h"

/// The formats behind answer_text(), and what they share.
namespace mtl::answers {

std::unique_ptr<AnswerText> as_json_lines(AnswerColumns columns);
std::unique_ptr<AnswerText> as_csv(AnswerColumns columns);
std::unique_ptr<AnswerText> as_table(AnswerColumns columns);

/// A task's most probable classes, from the first on; the head's own answer alone where it states no probabilities.
std::vector<Prediction> most_probable(const Answer& answer, const ClassList& classes, size_t count);

/// `format` is printf's; "" for what is no number.
std::string probability_text(double probability, const char* format);

}  // namespace mtl::answers
