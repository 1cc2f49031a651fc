#include "framework/cli/eval_command.h"

#include <algorithm>
#include <ostream>

#include "framework/assembly/compute.h"
#include "framework/bundle/bundle_files.h"
#include "framework/cli/eval_subject.h"
#include "framework/cli/evaluation_files.h"
#include "framework/metrics/breakdown.h"
#include "framework/metrics/calibration.h"
#include "framework/metrics/ranking.h"
#include "framework/report/evaluation_json.h"
#include "framework/report/page/evaluation_page.h"
#include "framework/report/page/ranking_html.h"
#include "framework/report/ranking_csv.h"
#include "framework/report/result_table.h"
#include "framework/support/atomic_file.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> labels_in(const std::vector<Prediction>& predictions) {
  std::vector<std::string> labels;
  for (const Prediction& prediction : predictions) labels.push_back(prediction.label);
  return labels;
}

/// Of the labelled images.
Calibration calibration_of_task(const std::vector<std::string>& truths, const std::vector<Prediction>& predictions) {
  std::vector<double> probabilities;
  std::vector<bool> right;
  for (size_t i = 0; i < truths.size(); ++i) {
    if (truths[i].empty()) continue;
    probabilities.push_back(predictions[i].probability);
    right.push_back(predictions[i].label == truths[i]);
  }
  return calibration_of(probabilities, right);
}

std::vector<std::vector<std::string>> cells_of(const SampleTable& table, const std::vector<size_t>& rows,
                                               const std::vector<std::string>& columns) {
  std::vector<std::vector<std::string>> cells;
  for (const size_t row : rows) {
    cells.emplace_back();
    for (const std::string& column : columns) cells.back().push_back(table.cells[row][table.column(column)]);
  }
  return cells;
}

EvaluationResult result_of(const Subject& subject, const Evaluation& evaluation, const EvalArguments& arguments) {
  const SampleTable& table = subject.images.dataset.table;
  EvaluationResult result;
  result.run = subject.run.config.run.name;
  result.images = static_cast<int64_t>(evaluation.rows.size());
  result.data = std::to_string(evaluation.rows.size()) + " images of " + table.source + ", split " + subject.split;
  result.tasks = evaluation.tasks;
  result.slice_columns = arguments.by;
  std::vector<AnsweredTask> answered;
  for (size_t k = 0; k < subject.tasks.size(); ++k) {
    result.calibrations.push_back(calibration_of_task(evaluation.truths[k], evaluation.predictions[k]));
    const ClassList& classes = subject.run.model->heads()[k].classes();
    result.rankings.push_back(ranking_of_task(classes, evaluation.truths[k], evaluation.probabilities[k]));
    answered.push_back({subject.tasks[k].name, classes, evaluation.truths[k], labels_in(evaluation.predictions[k])});
  }
  std::vector<std::string> images;
  for (const size_t row : evaluation.rows) images.push_back(table.images[row]);
  result.contradictions = contradictions_of(answered, images);
  std::erase_if(answered, [](const AnsweredTask& task) { return task.classes.names.empty(); });
  if (!arguments.by.empty()) result.slices = slices_of(answered, cells_of(table, evaluation.rows, arguments.by));
  return result;
}

/// In the run's folder; a bundle stays as it was sealed.
fs::path folder_of(const EvalArguments& arguments, const std::string& split) {
  if (!arguments.out.empty()) return arguments.out;
  const std::string data = arguments.data.empty() ? "" : arguments.data.stem().string() + "_";
  const std::string name = "eval_" + data + split;
  return is_bundle(arguments.run) ? fs::path(arguments.run.stem().string() + "_" + name) : arguments.run / name;
}

void require_unused(const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !(fs::is_directory(folder, error) && fs::is_empty(folder, error)))
    throw Error(in_quotes(folder.string()) + " is there already; remove it, or choose another folder with --out");
}

void write_files(const fs::path& folder, const Subject& subject, const Evaluation& evaluation,
                 const EvaluationResult& result) {
  make_folder(folder);
  write_answers(folder, result.run + ", " + subject.split, subject.images.dataset.table, subject.tasks, evaluation);
  write_contradictions(folder / "contradictions.csv", result);
  for (size_t k = 0; k < result.tasks.size(); ++k)
    if (result.rankings[k]) write_ranking(folder, result.tasks[k].task, *result.rankings[k]);
  write_evaluation_json(folder / "evaluation.json", result);
  write_file(folder / "report.html", evaluation_page(result));
}

std::string rankings_text(const EvaluationResult& result) {
  std::string text;
  for (size_t k = 0; k < result.tasks.size(); ++k)
    if (result.rankings[k])
      text += "  defect or normal by task " + result.tasks[k].task + ": " + ranking_text(*result.rankings[k]) + "\n";
  return text.empty() ? "" : "\n" + text;
}

}  // namespace

int eval(const EvalArguments& arguments, std::ostream& out) {
  const fs::path folder = folder_of(arguments, wanted_split({arguments.data, arguments.split}));
  require_unused(folder);
  Subject subject = open_subject(arguments.run, {arguments.data, arguments.split}, arguments.plugins);
  for (const std::string& column : arguments.by) subject.images.dataset.table.column(column);
  prepare_compute(subject.run.config.engine);
  const Evaluation evaluation = evaluate(subject, choose_device(arguments.device));
  const EvaluationResult result = result_of(subject, evaluation, arguments);
  write_files(folder, subject, evaluation, result);
  out << result.data << "\n" << result_table(result.tasks) << rankings_text(result);
  if (!result.contradictions.empty())
    out << "\n  the tasks contradict each other about normal or defect on " << result.contradictions.size()
        << " images\n";
  out << "files in " << folder.string() << "\n";
  return 0;
}

}  // namespace mtl
