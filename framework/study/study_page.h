#pragma once

#include <string>

#include "framework/study/study_result.h"

namespace mtl {

/// report.html of a study: one file that needs no other. Verdicts come first; a study with few or no finished runs
/// gives a sound page too, that says so.
std::string study_page(const StudyResult& study);

}  // namespace mtl
