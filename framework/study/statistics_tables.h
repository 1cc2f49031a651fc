#pragma once

#include "framework/report/page/table.h"
#include "framework/study/study_result.h"

namespace mtl {

/// A row per arm and figure: every test of its difference to the reference.
Table statistics_table(const StudyResult& study, const VariantResult& variant);

/// A row per auxiliary task and figure: what it adds to the main task. No rows where not all subsets were trained.
Table attribution_table(const VariantResult& variant);

/// A row per arm, later choice of the axes and figure: its difference to the first choice.
Table axis_table(const StudyResult& study);

}  // namespace mtl
