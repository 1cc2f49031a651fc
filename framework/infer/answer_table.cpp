#include <algorithm>

#include "framework/infer/answer_formats.h"

namespace mtl::answers {
namespace {

/// One picture is one line, whatever its name holds.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = '?';
  return text;
}

class Columns : public AnswerText {
 public:
  explicit Columns(AnswerColumns columns) : columns_(std::move(columns)) {
    for (const ClassList& classes : columns_.classes) {
      size_t width = 8;  // where there are no classes
      for (const std::string& name : classes.names) width = std::max(width, name.size());
      widths_.push_back(width);
    }
  }
  std::string header() const override { return ""; }
  std::string line(const PictureAnswers& picture) const override {
    if (!picture.problem.empty()) return "not read: " + one_line(picture.problem) + "\n";
    std::string text;
    if (picture.result.decision) text = padded(name_of(picture.result.decision->verdict), 6) + "  ";
    for (size_t k = 0; k < columns_.tasks.size(); ++k) {
      text += columns_.tasks[k] + " ";
      const std::vector<Prediction> top =
          most_probable(picture.result.tasks[k], columns_.classes[k], columns_.most_probable);
      for (const Prediction& prediction : top)
        text += padded(prediction.label, widths_[k]) + " " +
                padded(probability_text(100 * prediction.probability, "%5.1f %%"), 7) + "  ";
    }
    return text + one_line(picture.file.string()) + "\n";
  }

 private:
  static std::string padded(const std::string& text, size_t width) {
    return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
  }

  AnswerColumns columns_;
  std::vector<size_t> widths_;  // per task
};

}  // namespace

std::unique_ptr<AnswerText> as_table(AnswerColumns columns) { return std::make_unique<Columns>(std::move(columns)); }

}  // namespace mtl::answers
