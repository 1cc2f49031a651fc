#include "framework/report/evaluation_json.h"

#include <cmath>

#include "framework/report/class_scores.h"
#include "framework/report/json_number.h"
#include "framework/report/thinning.h"
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

/// A list per column; beyond 1000 points, 1000 of them.
ordered_json points_json(const std::vector<RankingPoint>& points) {
  ordered_json limits = ordered_json::array(), false_positive_rates = limits, recalls = limits, precisions = limits;
  for (const size_t i : even_indexes(points.size(), 1000)) {
    limits.push_back(points[i].limit);
    false_positive_rates.push_back(points[i].false_positive_rate);
    recalls.push_back(points[i].recall);
    precisions.push_back(points[i].precision);
  }
  return {
      {"limit", limits}, {"false_positive_rate", false_positive_rates}, {"recall", recalls}, {"precision", precisions}};
}

ordered_json interval_json(double low, double high) {
  return std::isfinite(low) ? ordered_json{low, high} : ordered_json(nullptr);
}

ordered_json ranking_json(const std::optional<Ranking>& ranking) {
  if (!ranking) return nullptr;
  return {{"defects", ranking->defects},
          {"normals", ranking->normals},
          {"auc", ranking->area},
          {"auc_interval", interval_json(ranking->area_low, ranking->area_high)},
          {"average_precision", ranking->average_precision},
          {"points", points_json(ranking->points)}};
}

/// Empty for a task that is no classifier.
ordered_json classes_json(const TaskResult& task) {
  ordered_json classes = ordered_json::array();
  for (const ConfusionCounts& confusion : task.confusion) {
    const std::vector<ClassFigures> scores = class_scores(confusion);
    for (size_t k = 0; k < scores.size(); ++k)
      classes.push_back({{"name", confusion.classes.names[k]},
                         {"normal", static_cast<bool>(confusion.classes.normal[k])},
                         {"precision", json_number(scores[k].precision)},
                         {"recall", json_number(scores[k].recall)},
                         {"f1", json_number(scores[k].f1)},
                         {"support", scores[k].support},
                         {"predicted_as", confusion.counts[k]}});
  }
  return classes;
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
                        {"classes", classes_json(task)},
                        {"defect_or_normal", ranking_json(result.rankings[k])},
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
