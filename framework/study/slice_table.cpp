#include "framework/study/slice_table.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/number_text.h"
#include "framework/study/study_cells.h"

namespace mtl {
namespace {

const SliceSummary* slice_of(const ArmResult& arm, const std::vector<std::string>& cells) {
  for (const SliceSummary& slice : arm.slices)
    if (slice.cells == cells) return &slice;
  return nullptr;
}

Cell accuracy_cell(const SliceSummary* slice, const SliceSummary* reference) {
  if (!slice) return {"–", {no_number, no_number}, "", Tone::quiet};
  const double difference = reference ? slice->accuracy - reference->accuracy : no_number;
  return {share_text(slice->accuracy) + (std::isfinite(difference) ? "\n" + points_text(difference) : ""),
          {slice->accuracy, difference}};
}

/// Of all variants, so that each has the same columns.
std::vector<std::string> arm_names(const StudyResult& study) {
  std::vector<std::string> names;
  for (const VariantResult& variant : study.variants)
    for (const ArmResult& arm : variant.arms)
      if (std::find(names.begin(), names.end(), arm.name) == names.end()) names.push_back(arm.name);
  return names;
}

std::vector<SliceSummary> all_slices(const VariantResult& variant) {
  std::vector<SliceSummary> slices;
  for (const ArmResult& arm : variant.arms)
    for (const SliceSummary& slice : arm.slices)
      if (std::none_of(slices.begin(), slices.end(), [&](const auto& known) { return known.cells == slice.cells; }))
        slices.push_back(slice);
  return slices;
}

}  // namespace

Table slice_table(const StudyResult& study, const VariantResult& variant) {
  Table table{"slices",
              "Accuracy of task " + study.main_task + " on parts of the test split",
              "Mean over the seeds; below it the difference to the main task alone in percentage points. Slices are "
              "small and many: read them for patterns, not for proof.",
              {},
              {}};
  for (const std::string& column : study.slice_columns) table.columns.push_back({column, {column}});
  table.columns.push_back({"images", {"images"}, true});
  const std::vector<std::string> arms = arm_names(study);
  for (const std::string& arm : arms) table.columns.push_back({arm, {arm + "_accuracy", arm + "_difference"}, true});

  const ArmResult* reference = reference_of(variant);
  for (const SliceSummary& slice : all_slices(variant)) {
    table.rows.emplace_back();
    std::vector<Cell>& row = table.rows.back();
    for (size_t c = 0; c < study.slice_columns.size(); ++c)
      row.push_back({c < slice.cells.size() && !slice.cells[c].empty() ? slice.cells[c] : "–", {}});
    row.push_back({std::to_string(slice.images), {}});
    for (const std::string& name : arms) {
      const auto arm = std::find_if(variant.arms.begin(), variant.arms.end(),
                                    [&](const ArmResult& one) { return one.name == name; });
      const bool is_there = arm != variant.arms.end();
      row.push_back(
          accuracy_cell(is_there ? slice_of(*arm, slice.cells) : nullptr,
                        is_there && reference && !arm->is_reference ? slice_of(*reference, slice.cells) : nullptr));
    }
  }
  return table;
}

}  // namespace mtl
