#pragma once

#include <string>
#include <vector>

#include "framework/report/page/table.h"
#include "framework/study/study_result.h"

/// What the tables and the page of a study say in the same words.
namespace mtl {

std::string figure_heading(const std::string& figure);  ///< "accuracy over defect classes"
std::string verdict_text(Verdict verdict);              ///< "▲ better", "▼ worse", "○ not shown"
Tone tone_of(Verdict verdict);
Cell verdict_cell(Verdict verdict);  ///< without the symbol in CSV

/// "93.53 ± 0.21 %"; without a deviation where that is NaN.
std::string mean_text(double mean, double deviation, bool is_share);
std::string tasks_text(const std::vector<std::string>& tasks);  ///< "A + B + C"

const FigureSummary* figure_of(const ArmResult& arm, const std::string& name);  ///< nullptr: not in this arm
bool has_axes(const StudyResult& study);  ///< more than one variant, or one with a name
const ArmResult* reference_of(const VariantResult& variant);
/// The arm with the highest mean of the figure among those with auxiliary tasks; nullptr where none is finished.
const ArmResult* best_of(const VariantResult& variant, const std::string& figure);

/// All figures of the main task in any arm: those that an inspector asks for first, in a set order.
std::vector<std::string> figure_names(const StudyResult& study);
/// The figure that verdicts are about: accuracy, or where no arm has one, the first. "" in an empty study.
std::string leading_figure(const StudyResult& study);

/// Mean ± deviation, then the difference to the reference with its interval, then the adjusted p.
Cell figure_cell(const FigureSummary* summary);
std::vector<std::string> figure_keys(const std::string& figure);  ///< of its six columns in CSV

/// A difference with its interval as one cell of three numbers.
Cell estimate_cell(const CrossedEstimate& estimate);
std::vector<std::string> estimate_keys(const std::string& name);

Cell p_cell(double p);

}  // namespace mtl
