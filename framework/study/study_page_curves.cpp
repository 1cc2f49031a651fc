#include "framework/study/study_page_curves.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/html_text.h"
#include "framework/report/page/line_chart.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/page_frame.h"
#include "framework/report/page/table.h"
#include "framework/study/study_cells.h"

namespace mtl {
namespace {

/// One value of one task by epoch from 1.
std::vector<double> values_of(const ArmResult& arm, const std::string& task, double TaskEpoch::*value) {
  std::vector<double> values;
  for (const EpochSummary& epoch : arm.epochs) {
    if (epoch.epoch < 1) continue;
    const auto index = static_cast<size_t>(epoch.epoch - 1);
    if (values.size() <= index) values.resize(index + 1, no_number);
    for (const TaskEpoch& one : epoch.tasks)
      if (one.task == task) values[index] = one.*value;
  }
  return values;
}

bool is_any_known(const std::vector<double>& values) {
  return std::any_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

/// A task looks the same in every arm.
size_t look_of(const StudyResult& study, const std::string& task) {
  const auto& others = study.auxiliary_tasks;
  if (task == study.main_task) return 0;
  return 1 + static_cast<size_t>(std::find(others.begin(), others.end(), task) - others.begin());
}

std::string id_of(const std::string& prefix, size_t arm, const char* what) {
  return prefix + what + "-" + std::to_string(arm);
}

LineChart validation(const StudyResult& study, const VariantResult& variant, const std::string& prefix) {
  std::string figure = "figure";
  bool is_share = true;
  for (const ArmResult& arm : variant.arms)
    if (!arm.validation_figure.empty()) {
      figure = arm.validation_figure;
      is_share = arm.validation_is_share;
    }
  LineChart chart{prefix + "validation",
                  "Task " + study.main_task + " on the validation split: " + spaced(figure),
                  "",
                  is_share,
                  false,
                  {}};
  for (size_t a = 0; a < variant.arms.size(); ++a) {
    const std::vector<double> values = values_of(variant.arms[a], study.main_task, &TaskEpoch::validation_figure);
    if (is_any_known(values)) chart.series.push_back({variant.arms[a].name, values, a, a});
  }
  return chart;
}

LineChart losses(const StudyResult& study, const ArmResult& arm, const std::string& id) {
  LineChart chart{id, arm.name + ": loss per task", "Dashed: training. Solid: validation.", false, false, {}};
  for (const std::string& task : arm.tasks) {
    const size_t look = look_of(study, task);
    chart.series.push_back({task + " validation", values_of(arm, task, &TaskEpoch::validation_loss), look, 0});
    chart.series.push_back({task + " training", values_of(arm, task, &TaskEpoch::train_loss), look, 1});
  }
  return chart;
}

LineChart weights(const StudyResult& study, const ArmResult& arm, const std::string& id) {
  LineChart chart{id, arm.name + ": weight of each task's loss", "", false, true, {}};
  for (const std::string& task : arm.tasks) {
    const size_t look = look_of(study, task);
    chart.series.push_back({task, values_of(arm, task, &TaskEpoch::weight), look, look});
  }
  return chart;
}

LineChart cosines(const StudyResult& study, const ArmResult& arm, const std::string& id) {
  LineChart chart{id, arm.name + " (" + tasks_text(arm.tasks) + ")", "", false, true, {}};
  for (const std::string& task : arm.tasks) {
    if (task == study.main_task) continue;
    const size_t look = look_of(study, task);
    const std::vector<double> values = values_of(arm, task, &TaskEpoch::gradient_cosine);
    if (is_any_known(values)) chart.series.push_back({task, values, look, look});
  }
  return chart;
}

}  // namespace

std::string arm_curves_html(const StudyResult& study, const VariantResult& variant, const std::string& prefix) {
  const LineChart overview = validation(study, variant, prefix);
  if (overview.series.empty()) return paragraph("No epoch is finished yet.", "note");
  std::string html = "<div class=\"wide\">" + line_chart(overview) + "</div>";
  for (size_t a = 0; a < variant.arms.size(); ++a) {
    const ArmResult& arm = variant.arms[a];
    if (arm.epochs.empty()) continue;
    html += "<details><summary>" + html_text(arm.name + ": loss and weight per task") + "</summary>" +
            side_by_side({line_chart(losses(study, arm, id_of(prefix, a, "loss"))),
                          line_chart(weights(study, arm, id_of(prefix, a, "weight")))}) +
            "</details>\n";
  }
  return html;
}

std::string gradient_curves_html(const StudyResult& study, const VariantResult& variant, const std::string& prefix) {
  std::vector<std::string> charts;
  for (size_t a = 0; a < variant.arms.size(); ++a) {
    const LineChart chart = cosines(study, variant.arms[a], id_of(prefix, a, "cosine"));
    if (!chart.series.empty()) charts.push_back(line_chart(chart));
  }
  if (charts.empty()) return "";
  return paragraph("The cosine of an auxiliary task's gradient and the gradient of task " + study.main_task +
                   " on the parameters that they share. Above 0 both pull the same way, near 0 they do not interfere, "
                   "below 0 a step for the one undoes a part of the other.") +
         side_by_side(charts);
}

}  // namespace mtl
