#include "framework/study/run_outcome.h"

#include <algorithm>

#include "framework/data/csv_reader.h"
#include "framework/report/metrics_reader.h"
#include "framework/support/file_view.h"
#include "mtl/error.h"

namespace mtl {
namespace {

size_t column_of(const CsvTable& table, const std::string& name, const std::filesystem::path& file) {
  const auto found = std::find(table.header.begin(), table.header.end(), name);
  if (found == table.header.end())
    throw Error(file.string() + " has no column " + name + "; remove its folder to train the run again");
  return static_cast<size_t>(found - table.header.begin());
}

std::vector<MainAnswer> read_answers(const std::filesystem::path& file, const std::string& task) {
  const CsvTable table = read_csv(file);
  const size_t image = column_of(table, "image", file), truth = column_of(table, task + "_truth", file),
               prediction = column_of(table, task + "_prediction", file);
  std::vector<MainAnswer> answers;
  for (const auto& row : table.rows)
    if (!row[truth].empty()) answers.push_back({row[image], row[truth], row[prediction]});
  return answers;
}

}  // namespace

const TaskResult& RunOutcome::main() const {
  return *std::find_if(record.test.begin(), record.test.end(), [](const TaskResult& task) { return task.main; });
}

RunOutcome read_outcome(const std::filesystem::path& folder) {
  RunOutcome outcome{read_record(folder), {}, {}, {}};
  const auto mains = std::count_if(outcome.record.test.begin(), outcome.record.test.end(),
                                   [](const TaskResult& task) { return task.main && !task.figures.empty(); });
  if (mains != 1) throw Error((folder / "result.json").string() + " has not one main task");
  outcome.epochs = read_metrics(folder / "metrics.jsonl", outcome.record.test);
  outcome.answers = read_answers(folder / "predictions.csv", outcome.main().task);
  outcome.settings = FileView(folder / "config.toml").bytes();
  return outcome;
}

}  // namespace mtl
