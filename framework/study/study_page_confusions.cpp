#include "framework/study/study_page_confusions.h"

#include "framework/report/page/confusion_html.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/table_html.h"
#include "framework/study/study_cells.h"

namespace mtl {
namespace {

CountsOverRuns counts_of(const ArmResult& arm) { return {arm.confusion, static_cast<int64_t>(arm.seeds.size())}; }

bool has_counts(const ArmResult* arm) { return arm && !arm->confusion.counts.empty() && !arm->seeds.empty(); }

}  // namespace

std::string study_confusions_html(const StudyResult& study, const VariantResult& variant, const std::string& prefix) {
  const std::string figure = leading_figure(study);
  const ArmResult *reference = reference_of(variant), *best = best_of(variant, figure);
  std::string html;
  if (has_counts(best) && has_counts(reference) && best->confusion.classes.names == reference->confusion.classes.names)
    html += table_html(confusion_difference(prefix + "confusion-difference", best->name + " minus " + reference->name,
                                            counts_of(*best), counts_of(*reference)));
  if (has_counts(reference))
    html +=
        table_html(confusion_table(prefix + "confusion-reference",
                                   reference->name + ": task " + study.main_task + " alone", counts_of(*reference)));
  if (has_counts(best))
    html += table_html(confusion_table(prefix + "confusion-best",
                                       best->name + ": the best " + spaced(figure) + " of the arms with more tasks",
                                       counts_of(*best)));
  return html;
}

}  // namespace mtl
