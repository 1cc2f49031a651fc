#include "framework/study/study_tables.h"

#include <algorithm>
#include <set>

#include "framework/report/page/table_text.h"
#include "framework/study/figure_tables.h"
#include "framework/study/runs_table.h"
#include "framework/study/slice_table.h"
#include "framework/study/statistics_tables.h"
#include "framework/study/study_cells.h"
#include "framework/support/atomic_file.h"

namespace mtl {
namespace {

Table with_label(Table table, const std::string& label) {
  table.columns.insert(table.columns.begin(), Column{"variant", {"variant"}});
  for (std::vector<Cell>& row : table.rows) row.insert(row.begin(), Cell{label, {}});
  return table;
}

/// Those of all variants, each table once.
std::vector<Table> merged_tables(const StudyResult& study) {
  std::vector<Table> merged;
  for (const VariantResult& variant : study.variants)
    for (const Table& table : variant_tables(study, variant)) {
      const Table labelled = has_axes(study) ? with_label(table, variant.label) : table;
      const auto known =
          std::find_if(merged.begin(), merged.end(), [&](const Table& other) { return other.id == table.id; });
      if (known == merged.end())
        merged.push_back(labelled);
      else
        known->rows.insert(known->rows.end(), labelled.rows.begin(), labelled.rows.end());
    }
  if (!study.axis_comparisons.empty()) merged.push_back(axis_table(study));
  merged.push_back(runs_table(study));
  return merged;
}

/// Tables of an earlier start that had other arms or axes.
void remove_old_tables(const std::filesystem::path& folder, const std::set<std::filesystem::path>& written) {
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error))
    if (entry.path().extension() == ".csv" && !written.count(entry.path()))
      std::filesystem::remove(entry.path(), error);
}

}  // namespace

std::vector<Table> variant_tables(const StudyResult& study, const VariantResult& variant) {
  std::vector<Table> tables = figure_tables(study, variant);
  for (Table& table :
       std::vector<Table>{statistics_table(study, variant), attribution_table(variant), slice_table(study, variant)})
    if (!table.rows.empty()) tables.push_back(std::move(table));
  return tables;
}

std::vector<std::string> verdict_sentences(const StudyResult& study) {
  std::vector<std::string> sentences;
  for (const VariantResult& variant : study.variants) {
    const std::string with = variant.label.empty() ? "" : "With " + variant.label + ": ";
    for (const ArmResult& arm : variant.arms)
      for (const FigureSummary& figure : arm.figures) {
        if (figure.name != "accuracy") continue;
        if (arm.is_reference)
          sentences.push_back(with + "accuracy of " + arm.name + ", task " + study.main_task +
                              " alone: " + mean_text(figure.mean, figure.deviation, true) + ".");
        else if (figure.comparison)
          sentences.push_back(with + figure.comparison->sentence);
      }
  }
  for (const AxisComparison& one : study.axis_comparisons)
    if (one.figure == "accuracy") sentences.push_back(one.comparison.sentence);
  return sentences;
}

std::string study_tables_markdown(const StudyResult& study) {
  std::string text;
  for (const std::string& sentence : study.choices) text += sentence + "\n";
  for (const std::string& sentence : verdict_sentences(study)) text += "\n- " + markdown_text(sentence);
  for (const Table& table : merged_tables(study)) text += (text.empty() ? "" : "\n\n") + table_markdown(table);
  return text;
}

void write_study_csv(const std::filesystem::path& folder, const StudyResult& study) {
  make_folder(folder);
  std::set<std::filesystem::path> written;
  for (const Table& table : merged_tables(study)) {
    const std::filesystem::path file = folder / (table.id + ".csv");
    write_file(file, table_csv(table));
    written.insert(file);
  }
  remove_old_tables(folder, written);
}

}  // namespace mtl
