#include "framework/cli/calibrate_command.h"

#include <algorithm>
#include <cmath>
#include <iostream>

#include "framework/assembly/compute.h"
#include "framework/cli/calibrate_checks.h"
#include "framework/cli/calibrated_rule.h"
#include "framework/cli/calibrated_tasks.h"
#include "framework/cli/calibration_files.h"
#include "framework/data/csv_reader.h"
#include "framework/decide/cost_matrix.h"
#include "mtl/text.h"

namespace mtl {
namespace {

CostMatrix read_costs(const std::filesystem::path& file, const ClassList& classes) {
  const CsvTable table = read_csv(file);
  return cost_matrix({file.filename().string(), table.header, table.rows, table.lines}, classes);
}

size_t index_of_task(const Subject& subject, const std::string& name) {
  std::vector<std::string> names;
  for (size_t k = 0; k < subject.tasks.size(); ++k) {
    if (name.empty() ? subject.tasks[k].main : subject.tasks[k].name == name) return k;
    names.push_back(subject.tasks[k].name);
  }
  throw Error("there is no task " + in_quotes(name) + did_you_mean(name, names) + "; the run has " +
              quoted_list(names));
}

double temperature_of(const std::vector<TaskTemperature>& temperatures, const std::string& task) {
  for (const TaskTemperature& one : temperatures)
    if (one.task == task) return one.temperature;
  return 1;
}

std::map<std::string, double> fitted(const std::vector<TaskTemperature>& temperatures) {
  std::map<std::string, double> by_task;
  for (const TaskTemperature& one : temperatures)
    if (one.kept_because.empty()) by_task[one.task] = one.temperature;
  return by_task;
}

}  // namespace

int calibrate(const CalibrateArguments& given, std::ostream& out) {
  const CalibrateArguments arguments = checked(given);
  const bool has_rule = arguments.max_escape || !arguments.costs.empty();
  Subject subject = open_subject(arguments.run, {arguments.data, arguments.split, arguments.group}, arguments.plugins);
  const size_t task = index_of_task(subject, arguments.task);
  const std::string& name = subject.tasks[task].name;
  const ClassList classes = subject.run.model->heads()[task].classes();
  if (has_rule && !knows_defects(classes))
    throw Error(
        "task " + in_quotes(name) +
        " does not tell normal parts from defective ones, so it cannot decide about parts; choose one that does "
        "with --task, or leave --max-escape and --costs out to fit temperatures only");
  CostMatrix costs;
  if (!arguments.costs.empty()) costs = read_costs(arguments.costs, classes);
  if (arguments.split == "test")
    std::cerr << "calibrated on the test split: figures of the test split are no longer those of untouched pictures\n";

  prepare_compute(subject.run.config.engine);
  const Evaluation evaluation = evaluate(subject, choose_device(arguments.device));
  CalibrationParts parts{fit_temperatures(subject, evaluation), name, classes, {}, std::nullopt};
  require_something(parts.temperatures, subject);
  parts.images = labelled_images(subject, evaluation, task, temperature_of(parts.temperatures, name));
  if (has_rule) {
    require_answers(parts.images, name, subject);
    parts.rule = arguments.max_escape ? rule_of_limits(name, classes, parts.images, arguments)
                                      : rule_of_costs(name, classes, parts.images, std::move(costs),
                                                      arguments.confidence.value_or(usual_confidence));
  }
  Decisions decisions{fitted(parts.temperatures), std::nullopt};
  if (parts.rule) decisions.rule = parts.rule->rule;
  write_calibration(arguments, subject, parts, decisions);
  out << summary_of(arguments, subject, parts);
  return 0;
}

}  // namespace mtl
