#include "framework/report/result_table.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <optional>

namespace mtl {
namespace {

std::string formatted(const char* format, double value) {
  char text[64];
  std::snprintf(text, sizeof text, format, value);
  return text;
}

std::optional<Figure> figure_of(const TaskResult& result, const std::string& name) {
  for (const Figure& figure : result.figures)
    if (figure.name == name) return figure;
  return {};
}

std::string spaced(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

/// Columns as wide as their widest cell: the first to the left, the others to the right.
std::string aligned(const std::vector<std::vector<std::string>>& rows) {
  std::vector<size_t> widths(rows.front().size(), 0);
  for (const auto& row : rows)
    for (size_t c = 0; c < row.size(); ++c) widths[c] = std::max(widths[c], row[c].size());
  std::string text;
  for (const auto& row : rows) {
    std::string line;
    for (size_t c = 0; c < row.size(); ++c) {
      const std::string padding(widths[c] - row[c].size(), ' ');
      line += (c ? "  " : "  ") + (c == 0 ? row[c] + padding : padding + row[c]);
    }
    text += line + "\n";
  }
  return text;
}

}  // namespace

std::string figure_text(const Figure& figure) {
  if (!std::isfinite(figure.value)) return "-";
  return figure.is_share ? formatted("%.2f %%", 100 * figure.value) : formatted("%.4g", figure.value);
}

std::string result_table(const std::vector<TaskResult>& results) {
  std::vector<std::string> shared;
  for (const Figure& figure : results.front().figures)
    if (std::all_of(results.begin(), results.end(),
                    [&](const TaskResult& r) { return figure_of(r, figure.name).has_value(); }))
      shared.push_back(figure.name);

  std::vector<std::vector<std::string>> rows{{"task", "images", "loss"}};
  for (const std::string& name : shared) rows[0].push_back(spaced(name));
  for (const TaskResult& result : results) {
    rows.push_back({result.task + " (" + result.plugin + (result.main ? ", main)" : ")"),
                    std::to_string(result.labelled),
                    std::isfinite(result.loss) ? formatted("%.4f", result.loss) : "-"});
    for (const std::string& name : shared) rows.back().push_back(figure_text(*figure_of(result, name)));
  }
  std::string text = aligned(rows);

  for (const TaskResult& result : results) {
    std::vector<std::vector<std::string>> further;
    for (const Figure& figure : result.figures) {
      const bool is_shared = std::find(shared.begin(), shared.end(), figure.name) != shared.end();
      if (!is_shared && (result.main || shared.empty())) further.push_back({spaced(figure.name), figure_text(figure)});
    }
    if (further.empty()) continue;
    if (const auto first = result.figures.front(); result.main && !shared.empty() && first.name == shared.front())
      further.insert(further.begin(), {spaced(first.name) + " over all", figure_text(first)});
    text += "\n  task " + result.task + "\n" + aligned(further);
  }
  return text;
}

std::string epoch_line(const EpochResult& result, int64_t epochs) {
  double total = 0;
  for (size_t k = 0; k < result.train_losses.size(); ++k)
    if (std::isfinite(result.train_losses[k])) total += result.weights[k] * result.train_losses[k];
  std::string line =
      "epoch " + std::to_string(result.epoch) + "/" + std::to_string(epochs) + "  loss " + formatted("%.4f", total);
  for (const TaskResult& task : result.validation) line += "  " + task.task + " " + figure_text(task.figures.front());
  line += "  " + formatted("%.0f", result.images_per_second) + " images/s  data wait " +
          formatted("%.0f %%", 100 * result.data_wait_share);
  if (result.skipped_steps > 0) line += "  " + std::to_string(result.skipped_steps) + " steps left out";
  if (result.unsolved_steps > 0)
    line += "  weights of the step before in " + std::to_string(result.unsolved_steps) + " steps without a solution";
  return line + (result.best ? "  best" : "");
}

}  // namespace mtl
