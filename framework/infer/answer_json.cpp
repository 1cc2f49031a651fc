#include <cmath>
#include <nlohmann/json.hpp>

#include "framework/infer/answer_formats.h"

namespace mtl::answers {
namespace {

using nlohmann::ordered_json;

class JsonLines : public AnswerText {
 public:
  explicit JsonLines(AnswerColumns columns) : columns_(std::move(columns)) {}
  std::string header() const override { return ""; }
  std::string line(const PictureAnswers& picture) const override {
    ordered_json object{{"image", picture.file.string()}};
    if (picture.problem.empty())
      tell(picture.result, object);
    else
      object["error"] = picture.problem;
    return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  }

 private:
  void tell(const PictureResult& result, ordered_json& object) const {
    if (result.decision) {
      object["decision"] = name_of(result.decision->verdict);
      if (!result.decision->label.empty()) object["decided_class"] = result.decision->label;
      object["defect_probability"] = result.decision->defect_probability;
    }
    for (size_t k = 0; k < columns_.tasks.size(); ++k) {
      const std::vector<Prediction> top = most_probable(result.tasks[k], columns_.classes[k], columns_.most_probable);
      ordered_json& task = object["tasks"][columns_.tasks[k]] = prediction_json(top.front());
      for (size_t i = 0; columns_.most_probable > 1 && i < top.size(); ++i)
        task["top"].push_back(prediction_json(top[i]));
    }
  }

  static ordered_json prediction_json(const Prediction& prediction) {
    ordered_json object{{"label", prediction.label}};
    if (std::isfinite(prediction.probability)) object["probability"] = prediction.probability;
    return object;
  }

  AnswerColumns columns_;
};

}  // namespace

std::unique_ptr<AnswerText> as_json_lines(AnswerColumns columns) {
  return std::make_unique<JsonLines>(std::move(columns));
}

}  // namespace mtl::answers
