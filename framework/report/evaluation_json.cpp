#include "framework/report/evaluation_json.h"

#include "framework/report/json_number.h"
#include "framework/support/atomic_file.h"
#include "framework/support/csv_text.h"

namespace mtl {
namespace {

using nlohmann::ordered_json;

ordered_json figures_json(const std::vector<Figure>& figures) {
  ordered_json object = ordered_json::object();
  for (const Figure& figure : figures) object[figure.name] = json_number(figure.value);
  return object;
}

ordered_json calibration_json(const Calibration& calibration) {
  if (calibration.bins.empty()) return nullptr;
  ordered_json bins = ordered_json::array();
  for (const CalibrationBin& bin : calibration.bins)
    bins.push_back({{"low", bin.low},
                    {"high", bin.high},
                    {"images", bin.images},
                    {"probability", json_number(bin.probability)},
                    {"accuracy", json_number(bin.accuracy)}});
  return {{"expected_calibration_error", json_number(calibration.expected_error)}, {"bins", bins}};
}

ordered_json tasks_json(const EvaluationResult& result) {
  ordered_json tasks = ordered_json::object();
  for (size_t k = 0; k < result.tasks.size(); ++k) {
    const TaskResult& task = result.tasks[k];
    tasks[task.task] = {{"plugin", task.plugin},
                        {"main", task.main},
                        {"labelled", task.labelled},
                        {"loss", json_number(task.loss)},
                        {"figures", figures_json(task.figures)},
                        {"calibration", calibration_json(result.calibrations[k])}};
  }
  return tasks;
}

ordered_json slices_json(const EvaluationResult& result) {
  ordered_json slices = ordered_json::array();
  for (const SliceFigures& slice : result.slices) {
    ordered_json object = ordered_json::object();
    for (size_t c = 0; c < slice.cells.size(); ++c) object["where"][result.slice_columns[c]] = slice.cells[c];
    object["task"] = slice.task;
    object["images"] = slice.images;
    object["figures"] = figures_json(slice.figures);
    slices.push_back(std::move(object));
  }
  return slices;
}

}  // namespace

void write_evaluation_json(const std::filesystem::path& file, const EvaluationResult& result) {
  const ordered_json object{
      {"run", result.run},           {"data", result.data},           {"images", result.images},
      {"tasks", tasks_json(result)}, {"slices", slices_json(result)}, {"contradictions", result.contradictions.size()}};
  write_file(file, object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

void write_contradictions(const std::filesystem::path& file, const EvaluationResult& result) {
  std::vector<std::string> header{"image"};
  for (const TaskResult& task : result.tasks) header.push_back(task.task + "_prediction");
  std::string text = csv_record(header);
  for (const Contradiction& one : result.contradictions) {
    std::vector<std::string> record{one.image};
    record.insert(record.end(), one.answers.begin(), one.answers.end());
    text += csv_record(record);
  }
  write_file(file, text);
}

}  // namespace mtl
