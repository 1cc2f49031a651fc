#include "framework/train/checkpoint_json.h"

#include "framework/report/json_number.h"
#include "framework/report/record_json.h"
#include "framework/support/sha256.h"
#include "mtl/error.h"

namespace mtl {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr int format = 1;

ordered_json progress_json(const TrainingProgress& state) {
  ordered_json object{{"epoch", state.epoch},
                      {"batch", state.batch},
                      {"step", state.step},
                      {"taken_steps", state.taken_steps},
                      {"bad_in_a_row", state.bad_in_a_row},
                      {"unsolved_before", state.unsolved_before},
                      {"skipped_steps", state.skipped_steps},
                      {"batch_parts", state.batch_parts},
                      {"learning_rate", json_number(state.learning_rate)},
                      {"images", state.images},
                      {"seconds", json_number(state.seconds)},
                      {"waited_seconds", json_number(state.waited_seconds)},
                      {"best_epoch", state.best_epoch},
                      {"epochs", ordered_json::array()}};
  for (const EpochResult& epoch : state.epochs) object["epochs"].push_back(to_json(epoch));
  return object;
}

TrainingProgress progress_in(const json& object) {
  TrainingProgress state;
  state.epoch = object.at("epoch");
  state.batch = object.at("batch");
  state.step = object.at("step");
  state.taken_steps = object.at("taken_steps");
  state.bad_in_a_row = object.at("bad_in_a_row");
  state.unsolved_before = object.at("unsolved_before");
  state.skipped_steps = object.at("skipped_steps");
  state.batch_parts = object.at("batch_parts");
  state.learning_rate = number_in(object.at("learning_rate"));
  state.images = object.at("images");
  state.seconds = number_in(object.at("seconds"));
  state.waited_seconds = number_in(object.at("waited_seconds"));
  state.best_epoch = object.at("best_epoch");
  for (const json& epoch : object.at("epochs")) state.epochs.push_back(epoch_in(epoch));
  return state;
}

CheckpointRecord record_in(const json& object) {
  CheckpointRecord record;
  record.progress = progress_in(object.at("state"));
  record.digests = digests_in(object.at("digests"));
  record.engine_version = object.at("engine_version");
  record.device = object.at("device");
  record.threads = object.at("threads");
  record.files = object.at("files");
  return record;
}

/// Where a value is not UTF-8 it is replaced: names of classes come from the user's files.
std::string text_of(const ordered_json& object) {
  return object.dump(1, ' ', false, ordered_json::error_handler_t::replace);
}

}  // namespace

std::string checkpoint_json(const CheckpointRecord& record) {
  const ordered_json content{{"state", progress_json(record.progress)},
                             {"digests", to_json(record.digests)},
                             {"engine_version", record.engine_version},
                             {"device", record.device},
                             {"threads", record.threads},
                             {"files", record.files}};
  const ordered_json whole{{"format", format}, {"sha256", sha256(text_of(content))}, {"content", content}};
  return text_of(whole) + "\n";
}

CheckpointRecord parse_checkpoint_json(std::string_view text) try {
  const ordered_json whole = ordered_json::parse(text);
  if (whole.at("format") != format) throw Error("it is of another version of the engine");
  const ordered_json& content = whole.at("content");
  if (whole.at("sha256") != sha256(text_of(content))) throw Error("its digest is another");
  return record_in(json(content));
} catch (const json::exception&) {
  throw Error("it is no checkpoint's description");
}

}  // namespace mtl
