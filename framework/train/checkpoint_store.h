#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "framework/train/checkpoint_json.h"
#include "framework/train/training_state.h"

namespace mtl {

/// A run's checkpoints, each a folder of its own: checkpoint.json, training.safetensors and best.safetensors, every
/// byte of them under a digest. A folder appears whole or not at all; the newest `keep` stay.
class CheckpointStore {
 public:
  /// Takes away what writing left behind when it was cut off.
  CheckpointStore(std::filesystem::path folder, int64_t keep);

  /// `record` is written with the progress and the files' digests filled in. Throws mtl::Error where there is too
  /// little space or writing fails: those that are there stay as they are.
  void save(const TrainingState& state, CheckpointRecord record);

  struct Checkpoint {
    CheckpointRecord record;
    TrainingState state;
  };
  struct Found {
    std::optional<Checkpoint> newest;  ///< none where there is no sound one
    std::vector<std::string> damaged;  ///< a sentence for each newer one that is not sound
  };
  /// Those that are not sound are put aside, under a name of their own.
  Found load();
  void remove_all();  ///< those put aside too

 private:
  void require_space(const TrainingState& state) const;

  std::filesystem::path folder_;
  int64_t keep_;
};

}  // namespace mtl
