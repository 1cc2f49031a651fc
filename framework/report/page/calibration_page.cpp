#include "framework/report/page/calibration_page.h"

#include "framework/report/page/calibration_plots.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/page_frame.h"
#include "framework/report/page/reliability_plot.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

std::string temperatures_html(const CalibrationResult& result) {
  Table table{"temperatures",
              "Temperature of each task",
              "Above 1 the task was too sure of itself, below 1 not sure enough. A calibration error is the mean "
              "distance between how sure the answers are and how many are right.",
              {{"task", {"task"}},
               {"images", {"images"}, true},
               {"temperature", {"temperature"}, true},
               {"loss before", {"loss_before"}, true},
               {"loss after", {"loss_after"}, true},
               {"calibration error before", {"error_before"}, true},
               {"after", {"error_after"}, true}},
              {}};
  for (const TaskTemperature& task : result.temperatures) {
    const std::string temperature =
        task.kept_because.empty() ? fixed_text(task.temperature, 3) : "1, kept\n" + task.kept_because;
    table.rows.push_back({{task.task, {}},
                          {std::to_string(task.images), {}},
                          {temperature, {task.temperature}},
                          number_cell(fixed_text(task.loss_before, 4), task.loss_before),
                          number_cell(fixed_text(task.loss_after, 4), task.loss_after),
                          number_cell(share_text(task.before.expected_error), task.before.expected_error),
                          number_cell(share_text(task.after.expected_error), task.after.expected_error)});
  }
  return table_html(table);
}

std::string reliability_html(const CalibrationResult& result) {
  std::string html;
  for (size_t k = 0; k < result.temperatures.size(); ++k) {
    const TaskTemperature& task = result.temperatures[k];
    if (task.before.bins.empty()) continue;
    const std::string number = std::to_string(k), name = "Task " + task.task;
    std::vector<std::string> plots{reliability_plot("before-" + number, name + ", before", task.before)};
    if (task.kept_because.empty()) plots.push_back(reliability_plot("after-" + number, name + ", after", task.after));
    html += side_by_side(plots);
  }
  return html;
}

std::string counts_text(const CountedRate::Count& count) {
  if (count.of == 0) return "none of this kind";
  return share_text(static_cast<double>(count.found) / static_cast<double>(count.of)) + "\n" +
         std::to_string(count.found) + " of " + std::to_string(count.of) + ", " + share_text(count.low) + " to " +
         share_text(count.high);
}

std::string rates_html(const CalibrationResult& result) {
  if (result.rates.empty()) return "";
  Table table{"rates",
              "What the rule does on these pictures",
              "Under each share its exact " + general_text(100 * result.confidence) +
                  " % interval (Clopper-Pearson). Photographs of one part are alike, so trust the intervals over "
                  "parts; a part counts where one of its photographs does. The rule was chosen on these pictures: on "
                  "fresh ones only what is promised holds.",
              {{"", {"rate"}}},
              {}};
  for (const CountedRate::Count& count : result.rates.front().counts)
    table.columns.push_back({"by " + count.noun + "s", {count.noun}, true});
  for (const CountedRate& rate : result.rates) {
    table.rows.push_back({{rate.name + "\n" + rate.meaning, {}}});
    for (const CountedRate::Count& count : rate.counts) table.rows.back().push_back({counts_text(count), {}});
  }
  return table_html(table);
}

std::string rule_html(const CalibrationResult& result) {
  std::string html;
  for (const std::string& sentence : result.rule) html += paragraph(sentence);
  return html + rates_html(result);
}

std::string lead(const CalibrationResult& result) {
  if (!result.rule.empty()) return result.rule.front();
  return "Temperatures only: no limit was asked for, so no part is decided about.";
}

}  // namespace

std::string calibration_page(const CalibrationResult& result) {
  PageFrame frame{
      "mtl-engine calibrate", result.run, paragraph(lead(result), "lead") + paragraph(result.data, "note"), {}};
  const std::vector<PageSection> parts{{"rule", "Decisions and what is promised", rule_html(result)},
                                       {"limits", "Other limits", limits_plot(result)},
                                       {"rejects", "Leaving pictures to a person", rejects_plot(result)},
                                       {"temperature", "Temperatures", temperatures_html(result)},
                                       {"probabilities", "Probabilities before and after", reliability_html(result)}};
  for (const PageSection& part : parts)
    if (!part.html.empty()) frame.sections.push_back(part);
  return page_html(frame);
}

}  // namespace mtl
