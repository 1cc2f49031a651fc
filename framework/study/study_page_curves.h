#pragma once

#include <string>

#include "framework/study/study_result.h"

/// What happened over the epochs, mean over the seeds, as HTML. `prefix` makes ids unique on the page.
namespace mtl {

/// The main task's figure on the validation split, a line per arm; each arm's losses and loss weights to open.
std::string arm_curves_html(const StudyResult& study, const VariantResult& variant, const std::string& prefix);

/// How the auxiliary tasks' gradients lie to the main one's, a chart per arm; "" where it was not measured.
std::string gradient_curves_html(const StudyResult& study, const VariantResult& variant, const std::string& prefix);

}  // namespace mtl
