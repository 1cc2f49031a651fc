#pragma once

#include <vector>

#include "framework/report/page/table.h"
#include "framework/study/study_result.h"

namespace mtl {

/// Table 1: the main task alone. Table k: the arms of k tasks, with the main task's figures. The last: the auxiliary
/// tasks' own figures. Numbers without an arm are skipped; numbering is the same in every variant of the study.
std::vector<Table> figure_tables(const StudyResult& study, const VariantResult& variant);

}  // namespace mtl
