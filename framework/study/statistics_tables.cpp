#include "framework/study/statistics_tables.h"

#include "framework/report/page/number_text.h"
#include "framework/study/study_cells.h"

namespace mtl {
namespace {

std::vector<Column> comparison_columns() {
  return {{"verdict", {"verdict"}},
          {"difference [95 %]", estimate_keys("difference"), true},
          {"standard error", {"standard_error"}, true},
          {"p", {"p"}, true},
          {"p, Holm", {"adjusted_p"}, true},
          {"paired t over seeds", {"t", "t_degrees_of_freedom"}, true},
          {"its p", {"t_p"}, true},
          {"sign flips, p", {"sign_flip_p"}, true},
          {"images better / worse", {"images_better", "images_worse"}, true},
          {"McNemar, p", {"mcnemar_p"}, true},
          {"bootstrap [95 %]", {"bootstrap_low", "bootstrap_high"}, true}};
}

void append_comparison(std::vector<Cell>& row, const Comparison& c) {
  const std::string t = general_text(c.over_seeds.t, 3);
  row.insert(row.end(),
             {verdict_cell(c.verdict),
              estimate_cell(c.estimate),
              number_cell(fixed_text(100 * c.estimate.standard_error, 2), c.estimate.standard_error),
              p_cell(c.estimate.p),
              p_cell(c.adjusted_p),
              {t == "–" ? t : t + " (df " + general_text(c.over_seeds.degrees_of_freedom, 3) + ")",
               {c.over_seeds.t, c.over_seeds.degrees_of_freedom}},
              p_cell(c.over_seeds.p),
              p_cell(c.sign_flip_p),
              {std::to_string(c.over_images.better) + " / " + std::to_string(c.over_images.worse),
               {static_cast<double>(c.over_images.better), static_cast<double>(c.over_images.worse)}},
              p_cell(c.over_images.p),
              {points_interval_text(c.bootstrap.low, c.bootstrap.high), {c.bootstrap.low, c.bootstrap.high}}});
}

constexpr const char* how_to_read =
    "Differences are in percentage points. A verdict rests on the first interval, which takes both the seeds and the "
    "test images as drawn at random, and on p after Holm's adjustment. The tests to the right look at one source of "
    "chance each: seeds (paired t, sign flips) or images (McNemar, bootstrap).";

}  // namespace

Table statistics_table(const StudyResult& study, const VariantResult& variant) {
  Table table{"statistics",
              "Every arm against task " + study.main_task + " alone",
              how_to_read,
              {{"arm", {"arm"}}, {"figure", {"figure"}}},
              {}};
  for (const Column& column : comparison_columns()) table.columns.push_back(column);
  for (const std::string& name : figure_names(study))
    for (const ArmResult& arm : variant.arms) {
      const FigureSummary* figure = figure_of(arm, name);
      if (!figure || !figure->comparison) continue;
      table.rows.push_back({{arm.name, {}}, {spaced(name), {}}});
      append_comparison(table.rows.back(), *figure->comparison);
    }
  return table;
}

Table attribution_table(const VariantResult& variant) {
  Table table{
      "attribution",
      "What each auxiliary task adds to the main one",
      "In percentage points with 95 % intervals. Shapley value: what the task adds, averaged over all orders of "
      "adding tasks. Main effect: the mean of the arms with the task minus the mean of those without. "
      "p is of each line alone: with several tasks and figures some are small by chance.",
      {{"task", {"task"}},
       {"figure", {"figure"}},
       {"Shapley value [95 %]", estimate_keys("shapley"), true},
       {"its p", {"shapley_p"}, true},
       {"main effect [95 %]", estimate_keys("main_effect"), true},
       {"its p", {"main_effect_p"}, true}},
      {}};
  for (const TaskAttribution& one : variant.attributions)
    table.rows.push_back({{one.task, {}},
                          {spaced(one.figure), {}},
                          estimate_cell(one.shapley),
                          p_cell(one.shapley.p),
                          estimate_cell(one.main_effect),
                          p_cell(one.main_effect.p)});
  return table;
}

Table axis_table(const StudyResult& study) {
  Table table{"axes",
              "The same arm under another choice",
              how_to_read,
              {{"arm", {"arm"}}, {"choice", {"variant"}}, {"against", {"reference"}}, {"figure", {"figure"}}},
              {}};
  for (const Column& column : comparison_columns()) table.columns.push_back(column);
  for (const AxisComparison& one : study.axis_comparisons) {
    table.rows.push_back({{one.arm, {}}, {one.variant, {}}, {one.reference, {}}, {spaced(one.figure), {}}});
    append_comparison(table.rows.back(), one.comparison);
  }
  return table;
}

}  // namespace mtl
