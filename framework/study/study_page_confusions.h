#pragma once

#include <string>

#include "framework/study/study_result.h"

namespace mtl {

/// The main task's confusion matrix in the reference, in the best arm with more tasks, and their difference, as HTML;
/// "" where no arm has one. `prefix` makes ids unique on the page.
std::string study_confusions_html(const StudyResult& study, const VariantResult& variant, const std::string& prefix);

}  // namespace mtl
