#include "framework/infer/answer_text.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "framework/support/csv_text.h"

namespace mtl {
namespace {

using nlohmann::ordered_json;

std::string probability_text(double probability, const char* format) {
  if (!std::isfinite(probability)) return "";
  char text[32];
  std::snprintf(text, sizeof text, format, probability);
  return text;
}

/// One picture is one line, whatever its name holds.
std::string one_line(std::string text) {
  for (char& c : text)
    if (static_cast<unsigned char>(c) < 0x20) c = '?';
  return text;
}

class JsonLines : public AnswerText {
 public:
  explicit JsonLines(std::vector<std::string> tasks) : tasks_(std::move(tasks)) {}
  std::string header() const override { return ""; }
  std::string line(const PictureAnswers& picture) const override {
    ordered_json object{{"image", picture.file.string()}};
    if (!picture.problem.empty())
      object["error"] = picture.problem;
    else
      for (size_t k = 0; k < tasks_.size(); ++k) object["tasks"][tasks_[k]] = answer(picture.answers[k]);
    return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
  }

 private:
  static ordered_json answer(const Prediction& prediction) {
    ordered_json object{{"label", prediction.label}};
    if (std::isfinite(prediction.probability)) object["probability"] = prediction.probability;
    return object;
  }

  std::vector<std::string> tasks_;
};

class Csv : public AnswerText {
 public:
  explicit Csv(std::vector<std::string> tasks) : tasks_(std::move(tasks)) {}
  std::string header() const override {
    std::vector<std::string> cells{"image"};
    for (const std::string& task : tasks_)
      for (const char* what : {"_prediction", "_probability"}) cells.push_back(task + what);
    cells.push_back("error");
    return csv_record(cells);
  }
  std::string line(const PictureAnswers& picture) const override {
    std::vector<std::string> cells{picture.file.string()};
    for (size_t k = 0; k < tasks_.size(); ++k) {
      const bool is_there = picture.problem.empty();
      cells.push_back(is_there ? picture.answers[k].label : "");
      cells.push_back(is_there ? probability_text(picture.answers[k].probability, "%.6f") : "");
    }
    cells.push_back(picture.problem);
    return csv_record(cells);
  }

 private:
  std::vector<std::string> tasks_;
};

class Columns : public AnswerText {
 public:
  explicit Columns(const MultiTaskModel& model) {
    for (const GuardedHead& head : model.heads()) {
      size_t width = 8;  // where there are no classes
      for (const std::string& name : head.classes().names) width = std::max(width, name.size());
      columns_.push_back({head.task(), width});
    }
  }
  std::string header() const override { return ""; }
  std::string line(const PictureAnswers& picture) const override {
    std::string text;
    if (!picture.problem.empty()) return "not read: " + one_line(picture.problem) + "\n";
    for (size_t k = 0; k < columns_.size(); ++k) {
      const Prediction& prediction = picture.answers[k];
      const std::string share = probability_text(100 * prediction.probability, "%5.1f %%");
      text += columns_[k].task + " " + padded(prediction.label, columns_[k].width) + " " + padded(share, 7) + "  ";
    }
    return text + one_line(picture.file.string()) + "\n";
  }

 private:
  struct Column {
    std::string task;
    size_t width;
  };

  static std::string padded(const std::string& text, size_t width) {
    return text + std::string(width > text.size() ? width - text.size() : 0, ' ');
  }

  std::vector<Column> columns_;
};

}  // namespace

std::unique_ptr<AnswerText> answer_text(const std::string& format, const MultiTaskModel& model) {
  std::vector<std::string> tasks;
  for (const GuardedHead& head : model.heads()) tasks.push_back(head.task());
  if (format == "jsonl") return std::make_unique<JsonLines>(std::move(tasks));
  if (format == "csv") return std::make_unique<Csv>(std::move(tasks));
  return std::make_unique<Columns>(model);
}

}  // namespace mtl
