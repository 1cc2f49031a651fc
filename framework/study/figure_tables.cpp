#include "framework/study/figure_tables.h"

#include <algorithm>
#include <array>
#include <set>

#include "framework/report/page/number_text.h"
#include "framework/study/study_cells.h"

namespace mtl {
namespace {

std::string in_words(size_t number) {
  static const std::array<const char*, 10> words{"no",   "one", "two",   "three", "four",
                                                 "five", "six", "seven", "eight", "nine"};
  return number < words.size() ? words[number] : std::to_string(number);
}

std::string seeds_text(const ArmResult& arm) { return std::to_string(arm.seeds.size()); }

Table empty_table(size_t number, const std::string& what) {
  const std::string k = std::to_string(number);
  return {"table" + k,
          "Table " + k + ": " + what,
          "",
          {{"arm", {"arm"}}, {"tasks", {"tasks"}}, {"seeds", {"seeds"}, true}},
          {}};
}

std::vector<Cell> row_of(const ArmResult& arm) {
  return {{arm.name, {}}, {tasks_text(arm.tasks), {}}, {seeds_text(arm), {}}};
}

Table arms_of(size_t tasks, const StudyResult& study, const VariantResult& variant) {
  Table table =
      empty_table(tasks, tasks == 1 ? "task " + study.main_task + " alone"
                                    : "task " + study.main_task + " in models of " + in_words(tasks) + " tasks");
  const std::vector<std::string> figures = figure_names(study);
  for (const std::string& figure : figures)
    table.columns.push_back({figure_heading(figure), figure_keys(figure), true});
  for (const ArmResult& arm : variant.arms) {
    if (arm.tasks.size() != tasks) continue;
    table.rows.push_back(row_of(arm));
    for (const std::string& figure : figures) table.rows.back().push_back(figure_cell(figure_of(arm, figure)));
  }
  const ArmResult* reference = reference_of(variant);
  table.note = "Mean ± standard deviation over the seeds, on the test split.";
  if (tasks > 1 && reference)
    table.note += " Below it the difference to " + reference->name +
                  " in percentage points with its 95 % interval over seeds and test images, and p adjusted for the "
                  "number of arms (Holm).";
  return table;
}

const AuxiliarySummary* summary_of(const ArmResult& arm, const std::string& task) {
  for (const AuxiliarySummary& summary : arm.auxiliaries)
    if (summary.task == task) return &summary;
  return nullptr;
}

std::string figure_name(const StudyResult& study, const std::string& task) {
  for (const VariantResult& variant : study.variants)
    for (const ArmResult& arm : variant.arms)
      if (const AuxiliarySummary* summary = summary_of(arm, task)) return summary->figure;
  return "figure";
}

Table auxiliaries(size_t number, const StudyResult& study, const VariantResult& variant) {
  Table table = empty_table(number, "the auxiliary tasks in every arm that trains them");
  table.note = "Mean ± standard deviation over the seeds, on the test split.";
  for (const std::string& task : study.auxiliary_tasks) {
    const std::string name = figure_name(study, task), key = task + "_" + name;
    table.columns.push_back({task + " " + spaced(name), {key + "_mean", key + "_deviation"}, true});
  }
  for (const ArmResult& arm : variant.arms) {
    if (arm.tasks.size() < 2) continue;
    table.rows.push_back(row_of(arm));
    for (const std::string& task : study.auxiliary_tasks) {
      const AuxiliarySummary* summary = summary_of(arm, task);
      table.rows.back().push_back(summary ? Cell{mean_text(summary->mean, summary->deviation, summary->is_share),
                                                 {summary->mean, summary->deviation}}
                                          : Cell{"–", {no_number, no_number}, "", Tone::quiet});
    }
  }
  return table;
}

}  // namespace

std::vector<Table> figure_tables(const StudyResult& study, const VariantResult& variant) {
  std::set<size_t> numbers;
  for (const VariantResult& one : study.variants)
    for (const ArmResult& arm : one.arms) numbers.insert(arm.tasks.size());
  std::vector<Table> tables;
  for (size_t tasks : numbers) tables.push_back(arms_of(tasks, study, variant));
  // Its number does not depend on which arms are finished.
  if (!study.auxiliary_tasks.empty()) tables.push_back(auxiliaries(study.most_tasks + 1, study, variant));
  return tables;
}

}  // namespace mtl
