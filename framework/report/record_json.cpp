#include "framework/report/record_json.h"

#include "framework/report/json_number.h"

namespace mtl {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

ordered_json numbers_json(const std::vector<double>& values) {
  ordered_json list = ordered_json::array();
  for (const double value : values) list.push_back(json_number(value));
  return list;
}

std::vector<double> numbers_in(const json& list) {
  std::vector<double> values;
  for (const json& value : list) values.push_back(number_in(value));
  return values;
}

}  // namespace

ordered_json to_json(const RunDigests& digests) {
  return {{"data", digests.data},       {"pixels", digests.pixels},     {"split", digests.split},
          {"batches", digests.batches}, {"backbone", digests.backbone}, {"main_head", digests.main_head},
          {"weights", digests.weights}};
}

RunDigests digests_in(const json& object) {
  return {object.at("data"),     object.at("pixels"),    object.at("split"),  object.at("batches"),
          object.at("backbone"), object.at("main_head"), object.at("weights")};
}

ordered_json to_json(const TaskResult& task) {
  ordered_json object{{"task", task.task},
                      {"plugin", task.plugin},
                      {"main", task.main},
                      {"loss", json_number(task.loss)},
                      {"labelled", task.labelled}};
  object["figures"] = ordered_json::array();
  for (const Figure& figure : task.figures)
    object["figures"].push_back({{"name", figure.name},
                                 {"value", json_number(figure.value)},
                                 {"higher_is_better", figure.higher_is_better},
                                 {"is_share", figure.is_share}});
  object["confusion"] = ordered_json::array();
  for (const ConfusionCounts& confusion : task.confusion)
    object["confusion"].push_back(
        {{"classes", confusion.classes.names}, {"normal", confusion.classes.normal}, {"counts", confusion.counts}});
  return object;
}

TaskResult task_in(const json& object) {
  TaskResult task{object.at("task"),
                  object.at("plugin"),
                  object.at("main"),
                  number_in(object.at("loss")),
                  object.at("labelled"),
                  {},
                  {}};
  for (const json& figure : object.at("figures"))
    task.figures.push_back(
        {figure.at("name"), number_in(figure.at("value")), figure.at("higher_is_better"), figure.at("is_share")});
  for (const json& confusion : object.at("confusion"))
    task.confusion.push_back({{confusion.at("classes"), confusion.at("normal")}, confusion.at("counts")});
  return task;
}

ordered_json to_json(const EpochResult& epoch) {
  ordered_json object{{"epoch", epoch.epoch},
                      {"learning_rate", json_number(epoch.learning_rate)},
                      {"train_losses", numbers_json(epoch.train_losses)},
                      {"weights", numbers_json(epoch.weights)},
                      {"best", epoch.best},
                      {"skipped_steps", epoch.skipped_steps},
                      {"gradient_norms", numbers_json(epoch.gradient_norms)},
                      {"gradient_cosines", numbers_json(epoch.gradient_cosines)},
                      {"gradient_conflicts", numbers_json(epoch.gradient_conflicts)},
                      {"unsolved_steps", epoch.unsolved_steps},
                      {"batch_parts", epoch.batch_parts},
                      {"seconds", json_number(epoch.seconds)},
                      {"images_per_second", json_number(epoch.images_per_second)},
                      {"data_wait_share", json_number(epoch.data_wait_share)},
                      {"validation", ordered_json::array()}};
  for (const TaskResult& task : epoch.validation) object["validation"].push_back(to_json(task));
  return object;
}

EpochResult epoch_in(const json& object) {
  EpochResult epoch;
  epoch.epoch = object.at("epoch");
  epoch.learning_rate = number_in(object.at("learning_rate"));
  epoch.train_losses = numbers_in(object.at("train_losses"));
  epoch.weights = numbers_in(object.at("weights"));
  epoch.best = object.at("best");
  epoch.skipped_steps = object.at("skipped_steps");
  epoch.gradient_norms = numbers_in(object.at("gradient_norms"));
  epoch.gradient_cosines = numbers_in(object.at("gradient_cosines"));
  epoch.gradient_conflicts = numbers_in(object.at("gradient_conflicts"));
  epoch.unsolved_steps = object.at("unsolved_steps");
  epoch.batch_parts = object.at("batch_parts");
  epoch.seconds = number_in(object.at("seconds"));
  epoch.images_per_second = number_in(object.at("images_per_second"));
  epoch.data_wait_share = number_in(object.at("data_wait_share"));
  for (const json& task : object.at("validation")) epoch.validation.push_back(task_in(task));
  return epoch;
}

}  // namespace mtl
