#include "framework/report/page/run_page.h"

#include "framework/report/page/confusion_html.h"
#include "framework/report/page/page_frame.h"
#include "framework/report/page/run_curves.h"
#include "framework/report/page/run_summary.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

std::string classes_html(const RunPage& run) {
  std::string html;
  for (size_t k = 0; k < run.test.size(); ++k)
    for (const ConfusionCounts& confusion : run.test[k].confusion) {
      const std::string number = std::to_string(k), task = "task " + run.test[k].task;
      html += table_html(confusion_table("confusion-" + number, "Confusion matrix of " + task, {confusion, 1}));
      html += table_html(class_table("classes-" + number, "Classes of " + task, confusion));
    }
  return html;
}

std::string environment_html(const RunPage& run) {
  Table table{"environment",
              "What this run depends on besides configuration and data",
              "",
              {{"fact", {"fact"}}, {"value", {"value"}}},
              {}};
  for (const auto& [fact, value] : run.environment) table.rows.push_back({{fact, {}}, {value, {}}});
  return table_html(table);
}

}  // namespace

std::string run_page(const RunPage& run) {
  PageFrame frame{"mtl-engine run", run.name, run_summary(run), {}};
  frame.sections.push_back({"test", "Test", run_key_figures(run) + test_table_html(run)});
  frame.sections.push_back({"curves", "Learning curves", run_curves(run.epochs)});
  if (const std::string html = classes_html(run); !html.empty()) frame.sections.push_back({"classes", "Classes", html});
  frame.sections.push_back({"settings", "Settings", folded_text("Resolved configuration (TOML)", run.settings)});
  if (!run.environment.empty()) frame.sections.push_back({"facts", "Environment", environment_html(run)});
  return page_html(frame);
}

}  // namespace mtl
