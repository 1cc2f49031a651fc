#pragma once

#include <string>

#include "framework/study/study_result.h"

/// The first things on a study's page, as HTML.
namespace mtl {

/// In how many arms the leading figure got better, and what was compared.
std::string introduction_html(const StudyResult& study);

/// Runs that are missing, by name and reason; "" where all are finished.
std::string missing_runs_html(const StudyResult& study);

/// A sentence per arm, grouped by verdict, under headings of the given level (3 for <h3>), and the intervals drawn.
/// `prefix` makes ids unique on the page.
std::string verdicts_html(const StudyResult& study, const VariantResult& variant, int level, const std::string& prefix);

/// The main task alone and the best arm as large numbers; "" where either is missing.
std::string study_key_figures(const StudyResult& study, const VariantResult& variant);

}  // namespace mtl
