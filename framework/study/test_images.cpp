#include "framework/study/test_images.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "mtl/error.h"

namespace mtl {
namespace {

std::map<std::string, bool> normal_classes(const RunOutcome& outcome) {
  std::map<std::string, bool> normal;
  if (outcome.main().confusion.empty())
    throw Error("the main task " + outcome.main().task + " is no classifier; a study compares accuracies of classes");
  const ClassList& classes = outcome.main().confusion.front().classes;
  for (size_t c = 0; c < classes.names.size(); ++c) normal[classes.names[c]] = classes.normal.at(c);
  return normal;
}

bool is_normal(const std::map<std::string, bool>& classes, const std::string& name) {
  const auto found = classes.find(name);
  return found != classes.end() && found->second;
}

}  // namespace

TestImages test_images_of(const RunOutcome& outcome, const SampleTable& table,
                          const std::vector<std::string>& slice_columns) {
  const std::map<std::string, bool> classes = normal_classes(outcome);
  std::map<std::string, size_t> rows, groups;
  for (size_t row = 0; row < table.size(); ++row) rows[table.images[row]] = row;
  std::vector<size_t> columns;
  for (const std::string& name : slice_columns) columns.push_back(table.column(name));

  TestImages images;
  images.knows_normal = std::any_of(classes.begin(), classes.end(), [](const auto& c) { return c.second; }) &&
                        std::any_of(classes.begin(), classes.end(), [](const auto& c) { return !c.second; });
  for (const MainAnswer& answer : outcome.answers) {
    const auto row = rows.find(answer.image);
    if (row == rows.end())
      throw Error("the run " + outcome.record.name + " was tested on other images than the data's");
    images.names.push_back(answer.image);
    images.is_normal.push_back(is_normal(classes, answer.truth));
    images.groups.push_back(groups.try_emplace(table.groups[row->second], groups.size()).first->second);
    images.slices.emplace_back();
    for (const size_t column : columns) images.slices.back().push_back(table.cells[row->second][column]);
  }
  images.group_count = groups.size();
  return images;
}

std::vector<ImageFigure> image_figures(bool knows_normal) {
  using Over = ImageFigure::Over;
  using Counted = ImageFigure::Counted;
  std::vector<ImageFigure> figures{{"accuracy", true, Over::all, Counted::right}};
  if (knows_normal)
    figures.insert(figures.end(), {{"defect_accuracy", true, Over::defect, Counted::right},
                                   {"normal_accuracy", true, Over::normal, Counted::right},
                                   {"escape_rate", false, Over::defect, Counted::normal},
                                   {"overkill_rate", false, Over::normal, Counted::defect}});
  return figures;
}

std::vector<double> values_of(const ImageFigure& figure, const RunOutcome& outcome, const TestImages& images) {
  const std::map<std::string, bool> classes = normal_classes(outcome);
  if (outcome.answers.size() != images.size())
    throw Error("the run " + outcome.record.name + " was tested on other images than the study's first");
  std::vector<double> values;
  for (size_t i = 0; i < images.size(); ++i) {
    const MainAnswer& answer = outcome.answers[i];
    if (answer.image != images.names[i])
      throw Error("the run " + outcome.record.name + " was tested on other images than the study's first");
    const bool counts =
        figure.over == ImageFigure::Over::all || images.is_normal[i] == (figure.over == ImageFigure::Over::normal);
    const bool predicted_normal = is_normal(classes, answer.prediction);
    const bool one = figure.counted == ImageFigure::Counted::right    ? answer.prediction == answer.truth
                     : figure.counted == ImageFigure::Counted::normal ? predicted_normal
                                                                      : !predicted_normal;
    values.push_back(counts ? static_cast<double>(one) : std::numeric_limits<double>::quiet_NaN());
  }
  return values;
}

double mean_of(const std::vector<double>& values) {
  double sum = 0, count = 0;
  for (const double value : values)
    if (!std::isnan(value)) sum += value, ++count;
  return count > 0 ? sum / count : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace mtl
