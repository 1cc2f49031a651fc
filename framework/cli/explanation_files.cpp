#include "framework/cli/explanation_files.h"

#include <cmath>
#include <cstdio>

#include "framework/explain/overlay.h"
#include "framework/report/json_number.h"
#include "framework/report/page/data_uri.h"
#include "framework/report/page/number_text.h"
#include "framework/support/atomic_file.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

constexpr int thumbnail_width = 520;

ordered_json peak_json(const ExplainedPicture& picture) {
  const auto& peak = picture.explanation.peak;
  if (!peak) return nullptr;
  return {{"x", peak->x},
          {"y", peak->y},
          {"x_share", peak->x / picture.prepared.cols},
          {"y_share", peak->y / picture.prepared.rows}};
}

ordered_json picture_json(const ExplainedPicture& picture, const std::string& part, const std::string& file) {
  const Explanation& explanation = picture.explanation;
  const ScoreTarget& target = explanation.target;
  ordered_json object{{"image", picture.image},       {"part", part},
                      {"task", picture.task},         {"file", file},
                      {"label", target.answer.label}, {"probability", json_number(target.answer.probability)}};
  if (picture.truth) object["truth"] = *picture.truth;
  if (picture.truth) object["loss"] = json_number(picture.loss);
  object["class"] = target.class_index ? ordered_json(target.class_name) : ordered_json(nullptr);
  object["class_probability"] = json_number(target.probability);
  object["score"] = json_number(explanation.score);
  object["peak"] = peak_json(picture);
  if (picture.points_inside) object["inside"] = *picture.points_inside;
  if (const auto& completeness = explanation.completeness) {
    object["score_difference"] = json_number(completeness->difference);
    object["attributed"] = json_number(completeness->attributed);
    object["residual"] = json_number(completeness->residual());
  }
  return object;
}

std::string stated(const std::string& label, double probability) {
  return label + (std::isfinite(probability) ? ", " + share_text(probability) : "");
}

GalleryFigure figure_of(const ExplainedPicture& picture, const std::string& file, const cv::Mat& drawn) {
  const ScoreTarget& target = picture.explanation.target;
  GalleryFigure figure{data_uri("image/jpeg", thumbnail(drawn, thumbnail_width)), file, picture.image, "", {}};
  figure.lines.push_back("Task " + picture.task + " answers " + stated(target.answer.label, target.answer.probability));
  if (picture.truth && !picture.truth->empty())
    figure.lines.push_back("Label " + *picture.truth + ", loss " + general_text(picture.loss, 3));
  if (target.class_index && target.class_name != target.answer.label)
    figure.lines.push_back("Explained: " + stated(target.class_name, target.probability));
  std::string where = "nothing speaks for it";
  if (const auto& peak = picture.explanation.peak)
    where = "the maximum is at " + share_text(peak->x / picture.prepared.cols) + " from the left and " +
            share_text(peak->y / picture.prepared.rows) + " from the top";
  if (picture.points_inside)
    figure.lines.push_back(*picture.points_inside ? "The maximum is inside the marked region"
                                                  : "The maximum is outside the marked region");
  figure.alternative = "The picture and what speaks for " +
                       (target.class_index ? "the class " + target.class_name : "the outputs") + " in it: " + where;
  return figure;
}

}  // namespace

std::string overlay_name(int64_t number, const std::string& image, const std::string& task) {
  constexpr size_t longest = 60;
  char digits[32];
  std::snprintf(digits, sizeof digits, "%05lld", static_cast<long long>(number));
  std::string stem = fs::path(image).stem().string().substr(0, longest);
  for (char& c : stem) {
    const bool is_plain =
        (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.';
    if (!is_plain) c = '_';
  }
  return digits + ("_" + stem) + "_" + task + ".png";
}

ExplanationFiles::ExplanationFiles(fs::path folder, size_t most_shown)
    : folder_(std::move(folder)), most_shown_(most_shown) {
  make_folder(folder_);
}

void ExplanationFiles::begin_part(const std::string& key, const std::string& heading, const std::string& meaning) {
  keys_.push_back(key);
  parts_.push_back({heading, meaning, 0, {}});
}

void ExplanationFiles::add(const ExplainedPicture& picture) {
  const std::string file = overlay_name(++written_, picture.image, picture.task);
  const cv::Mat drawn = overlay(picture.prepared, picture.explanation, picture.mask);
  write_png(folder_ / file, drawn);
  pictures_.push_back(picture_json(picture, keys_.back(), file));
  ExplainedPart& part = parts_.back();
  ++part.pictures;
  if (part.figures.size() < most_shown_) part.figures.push_back(figure_of(picture, file, drawn));
}

void ExplanationFiles::add_unreadable(const std::string& image, const std::string& problem) {
  pictures_.push_back({{"image", image}, {"part", keys_.back()}, {"error", problem}});
  unreadable_.push_back({image, problem});
}

void ExplanationFiles::finish(ExplanationReport report, ordered_json facts) {
  report.parts = std::move(parts_);
  report.unreadable = std::move(unreadable_);
  facts["pictures"] = std::move(pictures_);
  write_file(folder_ / "explanations.json", facts.dump(1, ' ', false, ordered_json::error_handler_t::replace) + "\n");
  write_file(folder_ / "report.html", explanation_page(report));
}

}  // namespace mtl
