#include "framework/report/metrics_reader.h"

#include <fstream>
#include <nlohmann/json.hpp>

#include "framework/report/json_number.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

using nlohmann::json;

/// Nothing where the run did not measure this.
std::vector<double> by_task(const json& line, const char* what, const std::vector<TaskResult>& tasks) {
  std::vector<double> values;
  if (!line.contains(what)) return values;
  for (const TaskResult& task : tasks) values.push_back(number_in(line.at(what).at(task.task)));
  return values;
}

EpochResult epoch_in(const json& line, const std::vector<TaskResult>& tasks) {
  EpochResult result;
  result.epoch = line.at("epoch");
  result.learning_rate = number_in(line.at("learning_rate"));
  result.train_losses = by_task(line, "train_loss", tasks);
  result.weights = by_task(line, "weight", tasks);
  result.gradient_norms = by_task(line, "gradient_norm", tasks);
  result.gradient_cosines = by_task(line, "gradient_cosine", tasks);
  result.gradient_conflicts = by_task(line, "gradient_conflict", tasks);
  result.best = line.at("best");
  result.unsolved_steps = line.value("unsolved_steps", int64_t{0});
  result.skipped_steps = line.value("skipped_steps", int64_t{0});
  result.batch_parts = line.value("batch_parts", int64_t{1});
  for (const TaskResult& task : tasks) {
    const json& validation = line.at("validation").at(task.task);
    Figure figure = task.figures.front();
    figure.value = number_in(validation.at(figure.name));
    result.validation.push_back(
        {task.task, task.plugin, task.main, number_in(validation.at("loss")), validation.at("labelled"), {figure}, {}});
  }
  return result;
}

}  // namespace

std::vector<EpochResult> read_metrics(const std::filesystem::path& file, const std::vector<TaskResult>& tasks) {
  std::ifstream in(file, std::ios::binary);
  if (!in) throw Error("cannot read " + in_quotes(file.string()) + "; it belongs to the run");
  return parse_metrics(in, file.string(), tasks);
}

std::vector<EpochResult> parse_metrics(std::istream& in, const std::string& name,
                                       const std::vector<TaskResult>& tasks) {
  std::vector<EpochResult> epochs;
  size_t number = 0;
  for (std::string text; std::getline(in, text);) try {
      ++number;
      const json line = json::parse(text);
      if (line.contains("epoch")) epochs.push_back(epoch_in(line, tasks));
    } catch (const json::exception&) {
      throw Error(name + ":" + std::to_string(number) + " is no line of a run's metrics");
    }
  return epochs;
}

}  // namespace mtl
