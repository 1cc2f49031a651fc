#include <algorithm>
#include <limits>

#include "framework/infer/answer_formats.h"
#include "framework/support/csv_text.h"

namespace mtl::answers {
namespace {

class Csv : public AnswerText {
 public:
  explicit Csv(AnswerColumns columns) : columns_(std::move(columns)) {}
  std::string header() const override {
    std::vector<std::string> cells{"image"};
    for (size_t k = 0; k < columns_.tasks.size(); ++k)
      for (size_t i = 0; i < told(k); ++i) {
        const std::string place = i == 0 ? "" : "_" + std::to_string(i + 1);
        for (const char* what : {"_prediction", "_probability"}) cells.push_back(columns_.tasks[k] + place + what);
      }
    if (columns_.has_decision) cells.insert(cells.end(), {"decision", "decided_class", "defect_probability"});
    cells.push_back("error");
    return csv_record(cells);
  }
  std::string line(const PictureAnswers& picture) const override {
    std::vector<std::string> cells{picture.file.string()};
    for (size_t k = 0; k < columns_.tasks.size(); ++k) {
      std::vector<Prediction> top;
      if (picture.problem.empty()) top = most_probable(picture.result.tasks[k], columns_.classes[k], told(k));
      top.resize(told(k), {"", std::numeric_limits<double>::quiet_NaN()});
      for (const Prediction& prediction : top) {
        cells.push_back(prediction.label);
        cells.push_back(probability_text(prediction.probability, "%.6f"));
      }
    }
    if (columns_.has_decision) {
      const std::optional<Decision>& decision = picture.result.decision;
      cells.push_back(decision ? name_of(decision->verdict) : "");
      cells.push_back(decision ? decision->label : "");
      cells.push_back(decision ? probability_text(decision->defect_probability, "%.6f") : "");
    }
    cells.push_back(picture.problem);
    return csv_record(cells);
  }

 private:
  /// How many classes of a task have columns.
  size_t told(size_t task) const {
    return std::clamp<size_t>(columns_.classes[task].names.size(), 1, columns_.most_probable);
  }

  AnswerColumns columns_;
};

}  // namespace

std::unique_ptr<AnswerText> as_csv(AnswerColumns columns) { return std::make_unique<Csv>(std::move(columns)); }

}  // namespace mtl::answers
