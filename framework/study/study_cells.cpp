#include "framework/study/study_cells.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/number_text.h"

namespace mtl {

std::string figure_heading(const std::string& figure) {
  if (figure == "accuracy") return "accuracy over all classes";
  if (figure == "defect_accuracy") return "accuracy over defect classes";
  if (figure == "normal_accuracy") return "accuracy over normal classes";
  return spaced(figure);
}

std::string verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::better:
      return "▲ better";
    case Verdict::worse:
      return "▼ worse";
    case Verdict::not_shown:
      break;
  }
  return "○ not shown";
}

Cell verdict_cell(Verdict verdict) {
  const char* word = verdict == Verdict::better ? "better" : verdict == Verdict::worse ? "worse" : "not shown";
  return {verdict_text(verdict), {}, word, tone_of(verdict)};
}

Tone tone_of(Verdict verdict) {
  return verdict == Verdict::better ? Tone::good : verdict == Verdict::worse ? Tone::bad : Tone::plain;
}

std::string mean_text(double mean, double deviation, bool is_share) {
  if (!std::isfinite(mean)) return "–";
  const std::string spread = is_share ? fixed_text(100 * deviation, 2) : general_text(deviation, 3);
  const std::string with_spread = std::isfinite(deviation) ? " ± " + spread : "";
  return is_share ? fixed_text(100 * mean, 2) + with_spread + " %" : general_text(mean) + with_spread;
}

std::string tasks_text(const std::vector<std::string>& tasks) {
  std::string text;
  for (const std::string& task : tasks) text += (text.empty() ? "" : " + ") + task;
  return text;
}

const FigureSummary* figure_of(const ArmResult& arm, const std::string& name) {
  for (const FigureSummary& figure : arm.figures)
    if (figure.name == name) return &figure;
  return nullptr;
}

bool has_axes(const StudyResult& study) {
  return study.variants.size() > 1 || (study.variants.size() == 1 && !study.variants.front().label.empty());
}

const ArmResult* reference_of(const VariantResult& variant) {
  for (const ArmResult& arm : variant.arms)
    if (arm.is_reference) return &arm;
  return nullptr;
}

const ArmResult* best_of(const VariantResult& variant, const std::string& figure) {
  const ArmResult* best = nullptr;
  double highest = 0;
  for (const ArmResult& arm : variant.arms) {
    const FigureSummary* summary = figure_of(arm, figure);
    if (arm.is_reference || !summary || !std::isfinite(summary->mean)) continue;
    const double goodness = summary->higher_is_better ? summary->mean : -summary->mean;
    if (best && goodness <= highest) continue;
    best = &arm;
    highest = goodness;
  }
  return best;
}

std::vector<std::string> figure_names(const StudyResult& study) {
  const std::vector<std::string> asked_first{"accuracy", "defect_accuracy", "normal_accuracy", "escape_rate",
                                             "overkill_rate"};
  std::vector<std::string> present;
  for (const VariantResult& variant : study.variants)
    for (const ArmResult& arm : variant.arms)
      for (const FigureSummary& figure : arm.figures)
        if (std::find(present.begin(), present.end(), figure.name) == present.end()) present.push_back(figure.name);
  const auto rank = [&](const std::string& name) {
    return std::find(asked_first.begin(), asked_first.end(), name) - asked_first.begin();
  };
  std::stable_sort(present.begin(), present.end(), [&](const auto& a, const auto& b) { return rank(a) < rank(b); });
  return present;
}

std::string leading_figure(const StudyResult& study) {
  const std::vector<std::string> names = figure_names(study);
  return names.empty() ? "" : names.front();
}

Cell figure_cell(const FigureSummary* summary) {
  if (!summary || !std::isfinite(summary->mean)) return {"–", {no_number}, "", Tone::quiet};
  Cell cell{mean_text(summary->mean, summary->deviation, true), {summary->mean, summary->deviation}};
  if (!summary->comparison) return cell;
  const Comparison& comparison = *summary->comparison;
  const CrossedEstimate& estimate = comparison.estimate;
  cell.text += "\n" + estimate_cell(estimate).text;
  if (std::isfinite(comparison.adjusted_p)) cell.text += "\np = " + p_text(comparison.adjusted_p);
  if (comparison.verdict != Verdict::not_shown) cell.text += "\n" + verdict_text(comparison.verdict);
  cell.numbers.insert(cell.numbers.end(),
                      {estimate.value, estimate.interval.low, estimate.interval.high, comparison.adjusted_p});
  cell.tone = tone_of(comparison.verdict);
  return cell;
}

std::vector<std::string> figure_keys(const std::string& figure) {
  return {figure + "_mean", figure + "_deviation", figure + "_difference",
          figure + "_low",  figure + "_high",      figure + "_adjusted_p"};
}

Cell estimate_cell(const CrossedEstimate& estimate) {
  const Interval& interval = estimate.interval;
  const bool is_known = std::isfinite(interval.low) && std::isfinite(interval.high);
  return {points_text(estimate.value) + (is_known ? " " + points_interval_text(interval.low, interval.high) : ""),
          {estimate.value, interval.low, interval.high}};
}

std::vector<std::string> estimate_keys(const std::string& name) { return {name, name + "_low", name + "_high"}; }

Cell p_cell(double p) { return number_cell(p_text(p), p); }

}  // namespace mtl
