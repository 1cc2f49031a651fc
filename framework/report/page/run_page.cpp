#include "framework/report/page/run_page.h"

#include "framework/report/page/page_frame.h"
#include "framework/report/page/run_curves.h"
#include "framework/report/page/run_summary.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

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
  frame.sections.push_back(
      {"test", "Test", tasks_key_figures(run.test) + tasks_table_html(run.test, "All tasks on the test split")});
  frame.sections.push_back({"curves", "Learning curves", run_curves(run.epochs)});
  if (const std::string html = classes_html(run.test); !html.empty())
    frame.sections.push_back({"classes", "Classes", html});
  frame.sections.push_back({"settings", "Settings", folded_text("Resolved configuration (TOML)", run.settings)});
  if (!run.environment.empty()) frame.sections.push_back({"facts", "Environment", environment_html(run)});
  return page_html(frame);
}

}  // namespace mtl
