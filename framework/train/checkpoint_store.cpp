#include "framework/train/checkpoint_store.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "framework/model/safetensors.h"
#include "framework/support/atomic_file.h"
#include "framework/support/file_view.h"
#include "framework/support/sha256.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

constexpr const char* record_file = "checkpoint.json";
constexpr const char* training_file = "training.safetensors";
constexpr const char* best_file = "best.safetensors";
constexpr const char* unfinished = ".unfinished";
constexpr const char* sound_prefix = "step_";
constexpr const char* damaged_prefix = "damaged_";

/// The newest first.
std::vector<fs::path> folders_in(const fs::path& parent, const std::string& prefix) {
  std::vector<fs::path> found;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(parent, error))
    if (entry.path().filename().string().rfind(prefix, 0) == 0) found.push_back(entry.path());
  std::sort(found.rbegin(), found.rend());
  return found;
}

/// Names sort as the states follow each other; after an epoch's last step comes its end.
std::string name_of(const TrainingState& state) {
  char name[80];
  std::snprintf(name, sizeof name, "%s%010lld", sound_prefix, static_cast<long long>(state.step));
  return state.batch > 0 ? name : name + ("_epoch_" + std::to_string(state.epoch - 1));
}

std::string digest_of(const fs::path& file) { return sha256(FileView(file).bytes()); }

int64_t bytes_of(const std::vector<NamedTensor>& tensors) {
  int64_t bytes = 0;
  for (const NamedTensor& named : tensors) bytes += static_cast<int64_t>(named.tensor.nbytes()) + 256;
  return bytes;
}

/// Throws mtl::Error with what is wrong.
CheckpointStore::Checkpoint read(const fs::path& folder) {
  const CheckpointRecord record = parse_checkpoint_json(FileView(folder / record_file).bytes());
  for (const auto& [name, digest] : record.files)
    if (digest_of(folder / name) != digest) throw Error("the digest of " + name + " is another");
  TrainingState state{record.progress, read_safetensors(folder / training_file).tensors, {}};
  if (state.best_epoch > 0) state.best = read_safetensors(folder / best_file).tensors;
  return {record, std::move(state)};
}

/// The best weights change seldom: a checkpoint shares the file of the one before where they are the same.
bool link_best(const fs::path& from, int64_t best_epoch, const fs::path& to) {
  try {
    if (parse_checkpoint_json(FileView(from / record_file).bytes()).progress.best_epoch != best_epoch) return false;
  } catch (const Error&) {
    return false;  // it is damaged
  }
  std::error_code error;
  fs::create_hard_link(from / best_file, to / best_file, error);
  return !error;  // some file systems know no links
}

}  // namespace

CheckpointStore::CheckpointStore(fs::path folder, int64_t keep) : folder_(std::move(folder)), keep_(keep) {
  std::error_code error;
  fs::remove_all(folder_ / unfinished, error);
}

void CheckpointStore::require_space(const TrainingState& state) const {
  constexpr int64_t reserve = 1 << 20;  // for the descriptions and the run's other files
  std::error_code error;
  const fs::space_info space = fs::space(folder_, error);
  const int64_t needed = bytes_of(state.tensors) + bytes_of(state.best) + reserve;
  if (!error && space.available < static_cast<uintmax_t>(needed))
    throw Error("a checkpoint in " + in_quotes(folder_.string()) + " needs " + std::to_string((needed >> 20) + 1) +
                " MiB and " + std::to_string(space.available >> 20) +
                " MiB are free; the one before is intact: free some space and go on with --resume");
}

void CheckpointStore::save(const TrainingState& state, CheckpointRecord record) {
  const std::vector<fs::path> before = folders_in(folder_, sound_prefix);
  const fs::path folder = folder_ / name_of(state), temporary = folder_ / unfinished;
  std::error_code ignored;
  require_space(state);
  fs::remove_all(temporary, ignored);
  make_folder(temporary);
  try {
    record.progress = state;
    write_safetensors(temporary / training_file, state.tensors);
    record.files[training_file] = digest_of(temporary / training_file);
    if (state.best_epoch > 0) {
      if (before.empty() || !link_best(before.front(), state.best_epoch, temporary))
        write_safetensors(temporary / best_file, state.best);
      record.files[best_file] = digest_of(temporary / best_file);
    }
    write_file(temporary / record_file, checkpoint_json(record));
    fs::remove_all(folder, ignored);  // the same state, saved twice
    rename_folder(temporary, folder);
  } catch (...) {
    fs::remove_all(temporary, ignored);
    throw;
  }
  const std::vector<fs::path> now = folders_in(folder_, sound_prefix);
  for (size_t i = static_cast<size_t>(keep_); i < now.size(); ++i) fs::remove_all(now[i], ignored);
}

CheckpointStore::Found CheckpointStore::load() {
  Found found;
  for (const fs::path& folder : folders_in(folder_, sound_prefix)) try {
      found.newest = read(folder);
      return found;
    } catch (const Error& error) {
      found.damaged.push_back("the checkpoint " + in_quotes(folder.string()) + " is damaged: " + error.what());
      std::error_code ignored;  // on a disk that cannot be written, training is told of it soon
      fs::rename(folder, folder_ / (damaged_prefix + folder.filename().string()), ignored);
    }
  return found;
}

void CheckpointStore::remove_all() {
  std::error_code ignored;
  for (const char* prefix : {sound_prefix, damaged_prefix})
    for (const fs::path& folder : folders_in(folder_, prefix)) fs::remove_all(folder, ignored);
}

}  // namespace mtl
