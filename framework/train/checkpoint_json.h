#pragma once

#include <map>
#include <string>
#include <string_view>

#include "framework/report/run_record.h"
#include "framework/train/training_progress.h"

namespace mtl {

/// What checkpoint.json says: how far the training is, and what the files beside it must be.
struct CheckpointRecord {
  TrainingProgress progress;
  RunDigests digests;  ///< of the run when it began
  std::string engine_version, device;
  int64_t threads = 0;
  std::map<std::string, std::string> files;  ///< name and SHA-256 digest
};

std::string checkpoint_json(const CheckpointRecord& record);
/// Throws mtl::Error with what is wrong where the text was altered, cut off or is none.
CheckpointRecord parse_checkpoint_json(std::string_view text);

}  // namespace mtl
