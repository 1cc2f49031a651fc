#include "framework/report/page/confusion_html.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "framework/report/class_scores.h"
#include "framework/report/page/number_text.h"

namespace mtl {
namespace {

constexpr size_t most_classes = 40, most_mistakes = 40;

using Values = std::vector<std::vector<double>>;

Values per_run(const CountsOverRuns& counts) {
  Values values;
  for (const std::vector<int64_t>& row : counts.confusion.counts) {
    values.emplace_back();
    for (int64_t count : row)
      values.back().push_back(static_cast<double>(count) / static_cast<double>(std::max<int64_t>(1, counts.runs)));
  }
  return values;
}

std::vector<double> row_sums(const Values& values) {
  std::vector<double> sums;
  for (const std::vector<double>& row : values) sums.push_back(std::accumulate(row.begin(), row.end(), 0.0));
  return sums;
}

std::string amount(double value) {
  return std::abs(value - std::round(value)) < 1e-9 ? fixed_text(value, 0) : fixed_text(value, 1);
}

/// The share of the true class, its sign by whether it is good that the cell is full.
double heat(double value, double images, bool is_right) {
  const double share = images > 0 ? value / images : 0;
  return is_right ? share : -share;
}

Table matrix(const std::string& id, const std::string& caption, const ClassList& classes,
             const std::function<Cell(size_t, size_t)>& cell) {
  Table table{id, caption, "", {{"true class ↓ predicted →", {"truth"}}}, {}, true};
  for (size_t truth = 0; truth < classes.names.size(); ++truth) {
    table.columns.push_back({classes.names[truth], {classes.names[truth]}, true});
    table.rows.push_back({{classes.names[truth], {}}});
    for (size_t predicted = 0; predicted < classes.names.size(); ++predicted)
      table.rows.back().push_back(cell(truth, predicted));
  }
  return table;
}

/// The pairs of classes with the largest values off the diagonal.
Table mistakes(const std::string& id, const std::string& caption, const ClassList& classes, const Values& values,
               const std::vector<double>& images) {
  Table table{id,
              caption,
              "",
              {{"true class", {"truth"}},
               {"predicted", {"predicted"}},
               {"images", {"images"}, true},
               {"of the true class", {"share"}, true}},
              {}};
  std::vector<std::pair<size_t, size_t>> pairs;
  for (size_t truth = 0; truth < values.size(); ++truth)
    for (size_t predicted = 0; predicted < values.size(); ++predicted)
      if (truth != predicted && values[truth][predicted] != 0) pairs.emplace_back(truth, predicted);
  std::stable_sort(pairs.begin(), pairs.end(), [&](const auto& a, const auto& b) {
    return std::abs(values[a.first][a.second]) > std::abs(values[b.first][b.second]);
  });
  pairs.resize(std::min(pairs.size(), most_mistakes));
  for (const auto& [truth, predicted] : pairs) {
    const double value = values[truth][predicted], share = images[truth] > 0 ? value / images[truth] : no_number;
    table.rows.push_back({{classes.names[truth], {}},
                          {classes.names[predicted], {}},
                          number_cell(amount(value), value),
                          number_cell(share_text(share), share)});
  }
  table.note = "With " + std::to_string(classes.names.size()) +
               " classes a matrix could not be read: these are the "
               "pairs of classes with the largest values.";
  return table;
}

}  // namespace

Table confusion_table(const std::string& id, const std::string& caption, const CountsOverRuns& counts) {
  const Values values = per_run(counts);
  const std::vector<double> images = row_sums(values);
  const ClassList& classes = counts.confusion.classes;
  if (classes.names.size() > most_classes) return mistakes(id, caption, classes, values, images);
  Table table = matrix(id, caption, classes, [&](size_t truth, size_t predicted) {
    const double value = values[truth][predicted];
    Cell cell = number_cell(amount(value), value);
    cell.heat = heat(value, images[truth], truth == predicted);
    if (value == 0) cell.tone = Tone::quiet;
    return cell;
  });
  table.note =
      "Rows are true classes, columns predicted ones. The diagonal (blue) is right, everything else (orange) "
      "wrong; the stronger the colour, the larger the share of the true class.";
  if (counts.runs > 1) table.note += " Images per run, mean of " + std::to_string(counts.runs) + " runs.";
  return table;
}

Table confusion_difference(const std::string& id, const std::string& caption, const CountsOverRuns& counts,
                           const CountsOverRuns& reference) {
  Values values = per_run(counts);
  const Values minus = per_run(reference);
  const std::vector<double> images = row_sums(minus);
  double largest = 0;
  for (size_t t = 0; t < values.size(); ++t)
    for (size_t p = 0; p < values.size(); ++p) {
      values[t][p] -= minus[t][p];
      if (images[t] > 0) largest = std::max(largest, std::abs(values[t][p]) / images[t]);
    }
  const ClassList& classes = counts.confusion.classes;
  if (classes.names.size() > most_classes) return mistakes(id, caption, classes, values, images);
  Table table = matrix(id, caption, classes, [&](size_t truth, size_t predicted) {
    const double value = values[truth][predicted];
    Cell cell = number_cell((value > 0 ? "+" : "") + amount(value), value);
    if (largest > 0) cell.heat = heat(value, images[truth], truth == predicted) / largest;
    if (std::abs(value) < 1e-9) cell = {"0", {0.0}, "", Tone::quiet};
    return cell;
  });
  table.note =
      "Images per run more (+) or fewer (−). Blue is for the better: more on the diagonal, fewer elsewhere; "
      "orange is for the worse.";
  return table;
}

Table class_table(const std::string& id, const std::string& caption, const ConfusionCounts& confusion) {
  const ClassList& classes = confusion.classes;
  const bool knows_normal = std::find(classes.normal.begin(), classes.normal.end(), true) != classes.normal.end();
  Table table{id,
              caption,
              "Precision: of the images predicted as the class, the share that is of it. Recall: of the images of the "
              "class, the share predicted as it. F1: their harmonic mean.",
              {{"class", {"class"}}},
              {}};
  if (knows_normal) table.columns.push_back({"kind", {"kind"}});
  for (const char* name : {"precision", "recall", "F1", "images"}) table.columns.push_back({name, {name}, true});
  const std::vector<ClassFigures> scores = class_scores(confusion);
  for (size_t k = 0; k < scores.size(); ++k) {
    table.rows.push_back({{classes.names[k], {}}});
    if (knows_normal) table.rows.back().push_back({classes.normal[k] ? "normal" : "defect", {}});
    for (double share : {scores[k].precision, scores[k].recall, scores[k].f1})
      table.rows.back().push_back(number_cell(share_text(share), share));
    table.rows.back().push_back(number_cell(std::to_string(scores[k].support), static_cast<double>(scores[k].support)));
  }
  return table;
}

}  // namespace mtl
