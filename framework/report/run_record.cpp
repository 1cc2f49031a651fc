#include "framework/report/run_record.h"

#include <nlohmann/json.hpp>

#include "framework/report/json_number.h"
#include "framework/report/record_json.h"
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

RunRecord record_in(const json& object) {
  if (object.at("format") != format) throw Error("it has another format");
  RunRecord record{object.at("name"),       object.at("engine_version"), object.at("device"),
                   object.at("threads"),    object.at("seed"),           digests_in(object.at("digests")),
                   object.at("best_epoch"), object.at("epochs"),         object.at("stopped_early"),
                   object.at("seconds"),    object.at("columns"),        {},
                   object.value("left_out", std::vector<std::string>{})};
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
                      {"digests", to_json(record.digests)},
                      {"best_epoch", record.best_epoch},
                      {"epochs", record.epochs},
                      {"stopped_early", record.stopped_early},
                      {"seconds", json_number(record.seconds)},
                      {"columns", record.columns},
                      {"left_out", record.left_out},
                      {"test", ordered_json::array()}};
  for (const TaskResult& task : record.test) object["test"].push_back(to_json(task));
  write_file(folder / file_name, object.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
}

bool has_record(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(folder / file_name, error);
}

RunRecord parse_record(std::string_view text) try {
  return record_in(json::parse(text));
} catch (const json::exception&) {
  throw Error("it is no result of a run");
}

RunRecord read_record(const fs::path& folder) {
  const fs::path file = folder / file_name;
  const FileView view(file);
  try {
    return parse_record(view.bytes());
  } catch (const Error&) {
    throw Error(file.string() + " is no result of a run of this version; remove its folder to train it again");
  }
}

}  // namespace mtl
