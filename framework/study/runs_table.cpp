#include "framework/study/runs_table.h"

#include "framework/report/page/number_text.h"
#include "framework/study/study_cells.h"

namespace mtl {

std::string state_text(const StudyRun& run) {
  return run.finished ? "finished" : run.problem.empty() ? "not started" : "failed";
}

Table runs_table(const StudyResult& study) {
  Table table{"runs", "Every run", "", {{"run", {"run"}}, {"arm", {"arm"}}}, {}};
  if (has_axes(study)) table.columns.push_back({"variant", {"variant"}});
  table.columns.insert(table.columns.end(), {{"seed", {"seed"}, true},
                                             {"state", {"state"}},
                                             {"best epoch", {"best_epoch"}, true},
                                             {"epochs", {"epochs"}, true},
                                             {"device", {"device"}},
                                             {"threads", {"threads"}, true},
                                             {"time", {}, true},
                                             {"problem", {"problem"}},
                                             {"folder", {"folder"}}});
  const auto count = [](const StudyRun& run, int64_t number) { return run.finished ? std::to_string(number) : ""; };
  for (const StudyRun& run : study.runs) {
    std::vector<Cell> row{{run.name, {}}, {run.arm, {}}};
    if (has_axes(study)) row.push_back({run.variant, {}});
    const std::string page = run.finished ? run.folder + "/report.html" : "";
    row.insert(row.end(), {{std::to_string(run.seed), {}},
                           {state_text(run), {}, "", run.finished ? Tone::plain : Tone::bad},
                           {count(run, run.best_epoch), {}},
                           {count(run, run.epochs), {}},
                           {run.device, {}},
                           {count(run, run.threads), {}},
                           {run.finished ? elapsed_text(run.seconds) : "", {}},
                           {run.problem, {}},
                           {run.folder, {}, "", Tone::plain, 0, page}});
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace mtl
