#include "framework/report/run_record.h"

#include <nlohmann/json.hpp>

#include "framework/report/json_number.h"
#include "framework/support/atomic_file.h"
#include "framework/support/file_view.h"
#include "mtl/error.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* file_name = "result.json";
constexpr int format = 1;

ordered_json digests_json(const RunDigests& digests) {
  return {{"data", digests.data},       {"pixels", digests.pixels},     {"split", digests.split},
          {"batches", digests.batches}, {"backbone", digests.backbone}, {"main_head", digests.main_head},
          {"weights", digests.weights}};
}

RunDigests digests_in(const json& object) {
  return {object.at("data"),     object.at("pixels"),    object.at("split"),  object.at("batches"),
          object.at("backbone"), object.at("main_head"), object.at("weights")};
}

ordered_json task_json(const TaskResult& task) {
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

RunRecord record_in(const json& object) {
  if (object.at("format") != format) throw Error("it has another format");
  RunRecord record{object.at("name"),       object.at("engine_version"), object.at("device"),
                   object.at("threads"),    object.at("seed"),           digests_in(object.at("digests")),
                   object.at("best_epoch"), object.at("epochs"),         object.at("stopped_early"),
                   object.at("seconds"),    object.at("columns"),        {}};
  for (const json& task : object.at("test")) record.test.push_back(task_in(task));
  return record;
}

}  // namespace

void write_record(const fs::path& folder, const RunRecord& record) {
  ordered_json object{{"format", format},
                      {"name", record.name},
                      {"engine_version", record.engine_version},
                      {"device", record.device},
                      {"threads", record.threads},
                      {"seed", record.seed},
                      {"digests", digests_json(record.digests)},
                      {"best_epoch", record.best_epoch},
                      {"epochs", record.epochs},
                      {"stopped_early", record.stopped_early},
                      {"seconds", json_number(record.seconds)},
                      {"columns", record.columns},
                      {"test", ordered_json::array()}};
  for (const TaskResult& task : record.test) object["test"].push_back(task_json(task));
  write_file(folder / file_name, object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

bool has_record(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / file_name, error);
}

RunRecord read_record(const fs::path& folder) {
  const fs::path file = folder / file_name;
  const FileView view(file);
  try {
    return record_in(json::parse(view.bytes()));
  } catch (const std::exception&) {
    throw Error(file.string() + " is no result of a run of this version; remove its folder to train it again");
  }
}

}  // namespace mtl
