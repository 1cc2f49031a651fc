#pragma once

#include "framework/report/page/table.h"
#include "framework/study/study_result.h"

namespace mtl {

/// A row per slice of the test images (one light, one region, ...), a column per arm: the main task's accuracy there
/// and its difference to the reference's. No rows in a study without slices.
Table slice_table(const StudyResult& study, const VariantResult& variant);

}  // namespace mtl
