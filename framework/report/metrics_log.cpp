#include "framework/report/metrics_log.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "framework/report/effective_learning_rate.h"
#include "framework/report/json_number.h"
#include "framework/support/atomic_file.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

using nlohmann::ordered_json;

ordered_json by_task(const std::vector<std::string>& tasks, const std::vector<double>& values) {
  ordered_json object = ordered_json::object();
  for (size_t k = 0; k < values.size(); ++k) object[tasks[k]] = json_number(values[k]);
  return object;
}

ordered_json results_json(const std::vector<TaskResult>& results) {
  ordered_json object = ordered_json::object();
  for (const TaskResult& result : results) {
    ordered_json& task = object[result.task];
    task["loss"] = json_number(result.loss);
    task["labelled"] = result.labelled;
    for (const Figure& figure : result.figures) task[figure.name] = json_number(figure.value);
  }
  return object;
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& file, std::vector<std::string> tasks,
                       const std::vector<EpochResult>& epochs)
    : file_(file), tasks_(std::move(tasks)) {
  std::string text;
  for (const EpochResult& epoch : epochs) text += line_of(epoch) + "\n";
  write_file(file, text);
  out_.open(file, std::ios::binary | std::ios::app);
  if (!out_) throw Error("cannot write " + in_quotes(file.string()) + "; check the folder's permissions and space");
}

std::string MetricsLog::line_of(const EpochResult& result) const {
  ordered_json line{{"epoch", result.epoch},
                    {"learning_rate", json_number(result.learning_rate)},
                    {"effective_learning_rate", json_number(effective_learning_rate(result))},
                    {"train_loss", by_task(tasks_, result.train_losses)},
                    {"weight", by_task(tasks_, result.weights)},
                    {"validation", results_json(result.validation)},
                    {"best", result.best},
                    {"skipped_steps", result.skipped_steps},
                    {"unsolved_steps", result.unsolved_steps},
                    {"batch_parts", result.batch_parts}};
  if (!result.gradient_norms.empty()) {
    line["gradient_norm"] = by_task(tasks_, result.gradient_norms);
    line["gradient_cosine"] = by_task(tasks_, result.gradient_cosines);
    if (!result.gradient_conflicts.empty()) line["gradient_conflict"] = by_task(tasks_, result.gradient_conflicts);
  }
  line["time"] = {{"seconds", json_number(result.seconds)},
                  {"images_per_second", json_number(result.images_per_second)},
                  {"data_wait_share", json_number(result.data_wait_share)}};
  return line.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

void MetricsLog::epoch(const EpochResult& result) { write(line_of(result)); }

void MetricsLog::test(int64_t best_epoch, const std::vector<TaskResult>& results) {
  const ordered_json line{{"test", results_json(results)}, {"best_epoch", best_epoch}};
  write(line.dump(-1, ' ', false, ordered_json::error_handler_t::replace));
}

void MetricsLog::write(const std::string& line) {
  out_ << line << '\n' << std::flush;
  if (!out_)
    throw Error("cannot write " + in_quotes(file_.string()) +
                ": the disk may be full; free space and go on with --resume");
}

}  // namespace mtl
