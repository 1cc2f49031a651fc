#include "framework/cli/resume.h"

#include "framework/config/run_keys.h"
#include "framework/support/folder_lock.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> changed_data(const RunDigests& before, const RunDigests& now) {
  std::vector<std::string> changed;
  const auto compare = [&](const std::string& a, const std::string& b, const char* what) {
    if (a != b) changed.push_back(what);
  };
  compare(before.data, now.data, "the data's images or labels");
  compare(before.pixels, now.pixels, "the pictures themselves");
  compare(before.split, now.split, "the split");
  compare(before.batches, now.batches, "the batches");
  compare(before.backbone, now.backbone, "the backbone's initial weights");
  compare(before.main_head, now.main_head, "the main head's initial weights");
  compare(before.weights, now.weights, "the file backbone.weights");
  return changed;
}

/// Another machine computes the same to rounding, and rounding is enough for other bits.
void note_differences(const CheckpointRecord& before, const RunRecord& now, spdlog::logger& log) {
  std::vector<std::string> changed;
  const auto compare = [&](const std::string& what, const std::string& a, const std::string& b) {
    if (a != b) changed.push_back(what + " " + a + ", now " + b);
  };
  compare("engine", before.engine_version, now.engine_version);
  compare("device", before.device, now.device);
  compare("compute threads", std::to_string(before.threads), std::to_string(now.threads));
  if (!changed.empty())
    log.warn("the run was begun with {}; it goes on, but not to the same bits as without a stop", join(changed, "; "));
}

}  // namespace

std::vector<std::string> changed_settings(const fs::path& folder, const RunConfig& config) {
  const fs::path file = folder / "config.toml";
  std::error_code error;
  if (fs::is_regular_file(file, error))
    return key_differences(run_keys(load_run_config(file).config), run_keys(config));
  if (FolderLock::marks(folder)) return {};
  throw Error("run folder " + in_quotes(folder.string()) +
              " holds something else than a run; give this one another name (--set run.name=NAME)");
}

void require_same_settings(const fs::path& folder, const LoadedConfig& loaded) {
  const std::vector<std::string> changed = changed_settings(folder, loaded.config);
  if (!changed.empty())
    throw ConfigError({"the run in " + in_quotes(folder.string()) + " was begun with other settings (" +
                       join(changed, "; ") +
                       "); go on with those, or give this one another name (--set run.name=NAME)"});
}

std::optional<TrainingState> last_checkpoint(CheckpointStore& checkpoints, const RunRecord& now, spdlog::logger& log) {
  CheckpointStore::Found found = checkpoints.load();
  for (const std::string& sentence : found.damaged) log.warn("{}; the one before it is used", sentence);
  if (!found.newest) {
    log.info("there is no checkpoint yet: the run begins from the beginning");
    return {};
  }
  const std::vector<std::string> changed = changed_data(found.newest->record.digests, now.digests);
  if (!changed.empty())
    throw Error("since the run was begun, these have changed: " + join(changed, "; ") +
                "; put them back, or give this run another name (--set run.name=NAME)");
  note_differences(found.newest->record, now, log);
  const TrainingState& state = found.newest->state;
  log.info("goes on in epoch {} after batch {} (step {})", state.epoch, state.batch, state.step);
  return std::move(found.newest->state);
}

}  // namespace mtl
