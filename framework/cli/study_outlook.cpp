#include "framework/cli/study_outlook.h"

#include <algorithm>
#include <cmath>
#include <ostream>

#include "framework/cli/study_estimate.h"
#include "framework/report/progress.h"
#include "mtl/error.h"
#include "mtl/text.h"
#include "plugins/host/child_process.h"

namespace mtl {
namespace {

std::string arms_text(const StudyPlan& plan) {
  std::string text;
  for (const Arm& arm : plan.arms) {
    std::vector<std::string> names;
    for (const size_t k : arm.tasks) names.push_back(plan.base.config.tasks[k].name);
    text += "  " + arm.name + ": " + join(names, " + ") + "\n";
  }
  for (const Variant& variant : plan.variants)
    if (!variant.label.empty()) text += "  each with " + variant.label + "\n";
  return text;
}

double measured_seconds(const StudyPlan& plan, const PluginAccess& plugins, ImageStore& images) {
  constexpr int most_seconds = 900;
  const auto largest = std::max_element(plan.runs.begin(), plan.runs.end(),
                                        [](const PlannedRun& a, const PlannedRun& b) { return a.arm < b.arm; });
  const host::ChildReport report = host::in_child(
      [&](const host::Write& write) {
        write(std::to_string(estimate_seconds(largest->loaded, plugins, std::move(images))));
      },
      most_seconds);
  if (!report.error.empty()) throw Error(report.error);
  if (!report.death.empty()) throw Error("measuring a few steps " + report.death);
  return std::strtod(report.text.c_str(), nullptr);
}

}  // namespace

std::string plan_line(const StudyConfig& config, const StudyPlan& plan, size_t finished, size_t to_do) {
  const std::string variants =
      plan.variants.size() > 1 ? " x " + std::to_string(plan.variants.size()) + " variants" : "";
  return "study " + config.name + ": " + std::to_string(plan.arms.size()) + " arm(s)" + variants + " x " +
         std::to_string(config.seeds.size()) + " seed(s) = " + std::to_string(plan.runs.size()) + " runs in " +
         config.path().string() + "; " + std::to_string(finished) + " finished, " + std::to_string(to_do) + " to do\n";
}

void print_outlook(const StudyPlan& plan, const StudyState& state, size_t to_do, int jobs, const PluginAccess& plugins,
                   ImageStore images, std::ostream& out) {
  out << arms_text(plan);
  if (to_do == 0) return;
  double sum = 0, count = 0;
  for (const auto& outcome : state.outcomes)
    if (outcome) sum += outcome->record.seconds, ++count;
  const double seconds = count > 0 ? sum / count : measured_seconds(plan, plugins, images);
  const double rounds = std::ceil(static_cast<double>(to_do) / jobs);
  out << "a run takes about " << duration_text(seconds) << ", the " << to_do << " to do about "
      << duration_text(seconds * rounds) << " with " << jobs << " at a time\n";
}

}  // namespace mtl
