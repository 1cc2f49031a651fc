#include "framework/study/study_page.h"

#include "framework/report/page/html_text.h"
#include "framework/report/page/interval_plot.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/page_frame.h"
#include "framework/report/page/table_html.h"
#include "framework/study/figure_tables.h"
#include "framework/study/runs_table.h"
#include "framework/study/slice_table.h"
#include "framework/study/statistics_tables.h"
#include "framework/study/study_cells.h"
#include "framework/study/study_page_confusions.h"
#include "framework/study/study_page_curves.h"
#include "framework/study/study_page_verdicts.h"

namespace mtl {
namespace {

std::string table_under(const std::string& prefix, Table table) {
  table.id = prefix + table.id;
  return table_html(table);
}

std::string figure_tables_html(const StudyResult& study, const VariantResult& variant, const std::string& prefix) {
  std::string html;
  for (const Table& table : figure_tables(study, variant)) html += table_under(prefix, table);
  return html;
}

std::string attribution_html(const StudyResult& study, const VariantResult& variant, const std::string& prefix) {
  if (variant.attributions.empty()) return "";
  const std::string figure = leading_figure(study);
  IntervalPlot plot{prefix + "contributions",
                    "Added to the " + spaced(figure) + " of task " + study.main_task + ", percentage points",
                    "",
                    "takes away",
                    "adds",
                    {}};
  for (const TaskAttribution& one : variant.attributions) {
    if (one.figure != figure) continue;
    for (const auto& [name, estimate] : {std::pair{"Shapley value", &one.shapley}, {"main effect", &one.main_effect}})
      plot.rows.push_back({one.task + ", " + name, estimate->value, estimate->interval.low, estimate->interval.high});
  }
  return (plot.rows.empty() ? "" : interval_plot(plot)) + table_under(prefix, attribution_table(variant));
}

/// The parts about one choice of the axes. Those with nothing to say are left out.
std::vector<PageSection> parts_of(const StudyResult& study, const VariantResult& variant, int level,
                                  const std::string& prefix) {
  const Table statistics = statistics_table(study, variant), slices = slice_table(study, variant);
  std::vector<PageSection> all{
      {"verdicts", "Verdicts", study_key_figures(study, variant) + verdicts_html(study, variant, level, prefix)},
      {"tables", "Tables by number of tasks", figure_tables_html(study, variant, prefix)},
      {"attribution-part", "What each task adds", attribution_html(study, variant, prefix)},
      {"statistics-part", "Statistics", statistics.rows.empty() ? "" : table_under(prefix, statistics)},
      {"curves", "Learning curves", arm_curves_html(study, variant, prefix)},
      {"gradients", "Gradients", gradient_curves_html(study, variant, prefix)},
      {"confusions", "Confusion matrices", study_confusions_html(study, variant, prefix)},
      {"slices-part", "Slices of the test split", slices.rows.empty() ? "" : table_under(prefix, slices)}};
  std::vector<PageSection> parts;
  for (PageSection& part : all)
    if (!part.html.empty()) parts.push_back({prefix + part.id, part.heading, std::move(part.html)});
  return parts;
}

std::vector<PageSection> variant_sections(const StudyResult& study) {
  if (study.variants.size() == 1) return parts_of(study, study.variants.front(), 3, "");
  std::vector<PageSection> sections;
  for (size_t v = 0; v < study.variants.size(); ++v) {
    const VariantResult& variant = study.variants[v];
    const std::string prefix = "v" + std::to_string(v + 1) + "-";
    PageSection section{prefix + "section", variant.label.empty() ? "Variant " + std::to_string(v + 1) : variant.label,
                        ""};
    for (const PageSection& part : parts_of(study, variant, 4, prefix))
      section.html += "<h3 id=\"" + part.id + "\">" + html_text(part.heading) + "</h3>\n" + part.html;
    sections.push_back(std::move(section));
  }
  return sections;
}

std::string axes_html(const StudyResult& study) {
  std::string items;
  for (const AxisComparison& one : study.axis_comparisons)
    if (one.figure == leading_figure(study))
      items +=
          "<li><strong>" + html_text(one.arm) + "</strong><span>" + html_text(one.comparison.sentence) + "</span></li>";
  return (items.empty() ? "" : "<ul class=\"verdicts\">" + items + "</ul>\n") + table_html(axis_table(study));
}

std::string settings_html(const StudyResult& study) {
  std::string html;
  for (const VariantResult& variant : study.variants)
    for (const ArmResult& arm : variant.arms)
      if (!arm.settings.empty())
        html += folded_text(arm.name + (variant.label.empty() ? "" : ", " + variant.label), arm.settings);
  return html.empty() ? paragraph("No run has begun.", "note") : html;
}

std::string choices_html(const StudyResult& study) {
  std::string items;
  for (const std::string& choice : study.choices) items += "<li>" + html_text(choice) + "</li>";
  return "<ul>" + items + "</ul>\n";
}

}  // namespace

std::string study_page(const StudyResult& study) {
  PageFrame frame{"mtl-engine study", study.name, introduction_html(study) + missing_runs_html(study),
                  variant_sections(study)};
  if (!study.axis_comparisons.empty()) frame.sections.push_back({"axes-part", "Choices compared", axes_html(study)});
  if (!study.choices.empty()) frame.sections.push_back({"choices", "How it was made comparable", choices_html(study)});
  frame.sections.push_back({"runs-part", "Runs", table_html(runs_table(study))});
  frame.sections.push_back({"settings", "Settings", settings_html(study)});
  return page_html(frame);
}

}  // namespace mtl
