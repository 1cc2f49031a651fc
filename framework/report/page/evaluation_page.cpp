#include "framework/report/page/evaluation_page.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/number_text.h"
#include "framework/report/page/page_frame.h"
#include "framework/report/page/ranking_html.h"
#include "framework/report/page/reliability_plot.h"
#include "framework/report/page/run_summary.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

std::string calibration_html(const EvaluationResult& result) {
  std::vector<std::string> plots;
  for (size_t k = 0; k < result.tasks.size(); ++k)
    if (!result.calibrations[k].bins.empty())
      plots.push_back(reliability_plot("reliability-" + std::to_string(k),
                                       "Task " + result.tasks[k].task + ": stated and true", result.calibrations[k]));
  return plots.empty() ? "" : side_by_side(plots);
}

std::vector<std::string> figure_names(const EvaluationResult& result) {
  std::vector<std::string> names;
  for (const SliceFigures& slice : result.slices)
    for (const Figure& figure : slice.figures)
      if (std::find(names.begin(), names.end(), figure.name) == names.end()) names.push_back(figure.name);
  return names;
}

Cell figure_cell(const SliceFigures& slice, const std::string& name) {
  for (const Figure& figure : slice.figures)
    if (figure.name == name && std::isfinite(figure.value)) return {share_text(figure.value), {figure.value}};
  return {"–", {no_number}, "", Tone::quiet};
}

std::string slices_html(const EvaluationResult& result) {
  if (result.slice_columns.empty()) return "";
  Table table{"slices",
              "Every task on parts of the images",
              "Slices are small and many: read them for patterns, not for proof.",
              {},
              {}};
  for (const std::string& column : result.slice_columns) table.columns.push_back({column, {column}});
  table.columns.insert(table.columns.end(), {{"task", {"task"}}, {"images", {"images"}, true}});
  const std::vector<std::string> names = figure_names(result);
  for (const std::string& name : names) table.columns.push_back({spaced(name), {name}, true});
  for (const SliceFigures& slice : result.slices) {
    std::vector<Cell> row;
    for (const std::string& cell : slice.cells) row.push_back({cell.empty() ? "not labelled" : cell, {}});
    row.push_back({slice.task, {}});
    row.push_back({std::to_string(slice.images), {}});
    for (const std::string& name : names) row.push_back(figure_cell(slice, name));
    table.rows.push_back(std::move(row));
  }
  return table_html(table);
}

std::string contradictions_html(const EvaluationResult& result) {
  constexpr size_t most_shown = 200;
  const std::string found = count_text(static_cast<int64_t>(result.contradictions.size()), "image") + " of " +
                            std::to_string(result.images) +
                            ": one task says that it shows a defect, another that it does not.";
  if (result.contradictions.empty()) return paragraph("No image: the tasks agree about normal and defect everywhere.");
  Table table{"contradictions", "Images on which the tasks disagree", "", {{"image", {"image"}}}, {}};
  if (result.contradictions.size() > most_shown)
    table.note = "The first " + std::to_string(most_shown) + "; contradictions.csv has all.";
  for (const TaskResult& task : result.tasks) table.columns.push_back({task.task, {task.task}});
  for (size_t i = 0; i < std::min(most_shown, result.contradictions.size()); ++i) {
    std::vector<Cell> row{{result.contradictions[i].image, {}}};
    for (const std::string& answer : result.contradictions[i].answers) row.push_back({answer, {}});
    table.rows.push_back(std::move(row));
  }
  return paragraph(found) + table_html(table);
}

}  // namespace

std::string evaluation_page(const EvaluationResult& result) {
  PageFrame frame{
      "mtl-engine eval", result.run, tasks_summary(result.tasks, "image") + paragraph(result.data, "note"), {}};
  frame.sections.push_back(
      {"figures", "Figures", tasks_key_figures(result.tasks) + tasks_table_html(result.tasks, "All tasks")});
  const std::vector<PageSection> parts{{"classes", "Classes", classes_html(result.tasks)},
                                       {"defect-or-normal", "Defect or normal", rankings_html(result)},
                                       {"calibration", "Probabilities", calibration_html(result)},
                                       {"slices-part", "Slices", slices_html(result)},
                                       {"contradictions-part", "Contradictions", contradictions_html(result)}};
  for (const PageSection& part : parts)
    if (!part.html.empty()) frame.sections.push_back(part);
  return page_html(frame);
}

}  // namespace mtl
