#include "framework/study/study_page_verdicts.h"

#include <algorithm>
#include <array>

#include "framework/report/page/html_text.h"
#include "framework/report/page/interval_plot.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/page_frame.h"
#include "framework/study/runs_table.h"
#include "framework/study/study_cells.h"

namespace mtl {
namespace {

struct ComparedArm {
  const ArmResult* arm;
  const Comparison* comparison;
};

std::vector<ComparedArm> compared_arms(const VariantResult& variant, const std::string& figure) {
  std::vector<ComparedArm> arms;
  for (const ArmResult& arm : variant.arms)
    if (const FigureSummary* summary = figure_of(arm, figure); summary && summary->comparison)
      arms.push_back({&arm, &*summary->comparison});
  return arms;
}

std::string reference_name(const StudyResult& study, const VariantResult& variant) {
  const ArmResult* reference = reference_of(variant);
  return reference ? reference->name : "task " + study.main_task + " alone";
}

/// "Of 3 arms compared with task A alone, 1 got better in accuracy and 0 worse; for 2 no difference is shown."
std::string outcome(const std::vector<const Comparison*>& comparisons, const std::string& noun,
                    const std::string& reference, const std::string& figure) {
  const auto count = [&](Verdict verdict) {
    return std::count_if(comparisons.begin(), comparisons.end(),
                         [&](const Comparison* one) { return one->verdict == verdict; });
  };
  const auto unclear = count(Verdict::not_shown);
  std::string text = "Of " + count_text(static_cast<int64_t>(comparisons.size()), noun) + " " + reference + ", " +
                     std::to_string(count(Verdict::better)) + " got better in " + spaced(figure) + " and " +
                     std::to_string(count(Verdict::worse)) + " worse";
  if (unclear > 0) text += "; for " + std::to_string(unclear) + " no difference is shown";
  return text + ".";
}

/// A sentence for each variant whose arms can be compared.
std::vector<std::string> arm_outcomes(const StudyResult& study) {
  std::vector<std::string> sentences;
  if (study.variants.empty()) return sentences;
  const std::string figure = leading_figure(study);
  for (const VariantResult& variant : study.variants) {
    std::vector<const Comparison*> comparisons;
    for (const ComparedArm& one : compared_arms(variant, figure)) comparisons.push_back(one.comparison);
    if (!comparisons.empty())
      sentences.push_back((variant.label.empty() ? "" : variant.label + ": ") +
                          outcome(comparisons, "arm", "compared with task " + study.main_task + " alone", figure));
  }
  if (sentences.empty()) sentences.push_back("No arm can be compared with task " + study.main_task + " alone yet.");
  return sentences;
}

/// "" where there is one choice alone.
std::string choice_outcome(const StudyResult& study) {
  const std::string figure = leading_figure(study);
  std::vector<const Comparison*> comparisons;
  for (const AxisComparison& one : study.axis_comparisons)
    if (one.figure == figure) comparisons.push_back(&one.comparison);
  if (comparisons.empty()) return "";
  return outcome(comparisons, "comparison", "with " + study.axis_comparisons.front().reference, figure);
}

std::string list_item(const ArmResult& arm, const std::string& sentence) {
  return "<li><strong>" + html_text(arm.name) + "</strong><span>" + html_text(sentence) + "</span></li>";
}

std::string heading(int level, const std::string& text, const char* css_class) {
  const std::string tag = "h" + std::to_string(level);
  return "<" + tag + " class=\"" + css_class + "\">" + html_text(text) + "</" + tag + ">";
}

IntervalPlot differences(const StudyResult& study, const VariantResult& variant, const std::string& prefix) {
  const std::string figure = leading_figure(study), reference = reference_name(study, variant);
  IntervalPlot plot{prefix + "differences",
                    "Difference in " + spaced(figure) + " to " + reference + ", percentage points",
                    "Lines are 95 % intervals for new seeds and new images. A filled mark: the interval excludes 0. A "
                    "verdict asks for more: p after Holm's adjustment.",
                    "lower than " + reference,
                    "higher than " + reference,
                    {}};
  for (const auto& [arm, comparison] : compared_arms(variant, figure)) {
    const CrossedEstimate& estimate = comparison->estimate;
    plot.rows.push_back(
        {arm->name, estimate.value, estimate.interval.low, estimate.interval.high, tone_of(comparison->verdict)});
  }
  return plot;
}

}  // namespace

std::string introduction_html(const StudyResult& study) {
  std::string html;
  if (study.variants.empty()) html += paragraph("This study has no arms.", "lead");
  for (const std::string& sentence : arm_outcomes(study)) html += paragraph(sentence, "lead");
  if (const std::string sentence = choice_outcome(study); !sentence.empty()) html += paragraph(sentence, "lead");
  std::string facts = study.data.empty() ? "" : study.data + ". ";
  facts += count_text(static_cast<int64_t>(study.seeds.size()), "seed") + ", " +
           count_text(study.test_images, "test image") + " in " + count_text(study.test_groups, "group") + ". Engine " +
           study.engine_version + ".";
  return html + paragraph(facts, "note");
}

std::string missing_runs_html(const StudyResult& study) {
  std::string items;
  int64_t missing = 0;
  for (const StudyRun& run : study.runs) {
    if (run.finished) continue;
    ++missing;
    items += "<li>" + html_text(run.name + ": " + (run.problem.empty() ? state_text(run) : run.problem)) + "</li>";
  }
  if (missing == 0) return "";
  return "<div class=\"notice\" role=\"note\"><p><strong>" + std::to_string(missing) + " of " +
         count_text(static_cast<int64_t>(study.runs.size()), "run") + (missing == 1 ? " is" : " are") +
         " not finished.</strong> Everything below rests on the others.</p><ul>" + items + "</ul></div>\n";
}

std::string verdicts_html(const StudyResult& study, const VariantResult& variant, int level,
                          const std::string& prefix) {
  struct Group {
    Verdict verdict;
    const char *heading, *css_class;
  };
  static constexpr std::array<Group, 3> groups{{{Verdict::better, "▲ Better than ", "good"},
                                                {Verdict::worse, "▼ Worse than ", "bad"},
                                                {Verdict::not_shown, "○ Not shown to differ from ", "plain"}}};
  const std::vector<ComparedArm> arms = compared_arms(variant, leading_figure(study));
  std::string html;
  for (const Group& group : groups) {
    std::string items;
    for (const auto& [arm, comparison] : arms)
      if (comparison->verdict == group.verdict) items += list_item(*arm, comparison->sentence);
    if (!items.empty())
      html += heading(level, group.heading + reference_name(study, variant), group.css_class) +
              "<ul class=\"verdicts\">" + items + "</ul>\n";
  }
  std::string unknown;
  for (const ArmResult& arm : variant.arms)
    if (!arm.is_reference && std::none_of(arms.begin(), arms.end(), [&](const auto& one) { return one.arm == &arm; }))
      unknown += list_item(arm, "No finished run that could be compared.");
  if (!unknown.empty())
    html += heading(level, "No result yet", "plain") + "<ul class=\"verdicts\">" + unknown + "</ul>\n";
  return html + (arms.empty() ? "" : interval_plot(differences(study, variant, prefix)));
}

std::string study_key_figures(const StudyResult& study, const VariantResult& variant) {
  const std::string figure = leading_figure(study);
  const ArmResult *reference = reference_of(variant), *best = best_of(variant, figure);
  const FigureSummary* alone = reference ? figure_of(*reference, figure) : nullptr;
  if (!alone || !best) return "";
  const FigureSummary* together = figure_of(*best, figure);
  std::vector<KeyFigure> figures{
      {"Task " + study.main_task + " alone", share_text(alone->mean), spaced(figure) + " of arm " + reference->name},
      {"Best with more tasks", share_text(together->mean),
       spaced(figure) + " of arm " + best->name + "; being the best of several is partly luck"}};
  if (together->comparison) {
    const Interval& interval = together->comparison->estimate.interval;
    const std::string range = points_interval_text(interval.low, interval.high);
    figures.push_back({"Difference", points_text(together->comparison->estimate.value),
                       "percentage points; 95 % interval " + (range == "–" ? "needs two seeds or more" : range)});
  }
  int64_t finished = 0, planned = 0;
  for (const StudyRun& run : study.runs) {
    if (run.variant != variant.label) continue;
    ++planned;
    finished += run.finished ? 1 : 0;
  }
  figures.push_back({"Runs finished", std::to_string(finished) + " of " + std::to_string(planned),
                     count_text(static_cast<int64_t>(study.seeds.size()), "seed") + " per arm"});
  return key_figures(figures);
}

}  // namespace mtl
