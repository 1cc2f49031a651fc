#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// SHA-256 digests of what runs that are compared must share.
struct RunDigests {
  std::string data;       ///< images' names, groups, label cells, and splits where the data says them
  std::string pixels;     ///< every image as the network gets it
  std::string split;      ///< which image is in which split
  std::string batches;    ///< every batch's images, and the pixels of the first batch
  std::string backbone;   ///< its initial state
  std::string main_head;  ///< the main task's initial state
  std::string weights;    ///< of the file that the backbone started from; "": none

  bool operator==(const RunDigests&) const = default;
};

/// What a finished run says about itself in result.json, the last file that it writes: where there is none, the run is
/// not finished.
struct RunRecord {
  std::string name, engine_version, device;
  int64_t threads = 0;
  uint64_t seed = 0;
  RunDigests digests;
  int64_t best_epoch = 0, epochs = 0;  ///< from 1; how many were trained
  bool stopped_early = false;
  double seconds = 0;                ///< of training
  std::vector<std::string> columns;  ///< per task, of the data
  std::vector<TaskResult> test;      ///< per task, the weights of the best epoch on the test split
  std::vector<std::string> left_out;  ///< names of images that could not be read and were left out
};

void write_record(const std::filesystem::path& folder, const RunRecord& record);
bool has_record(const std::filesystem::path& folder);
/// Throws mtl::Error where the file is missing or is no such record.
RunRecord read_record(const std::filesystem::path& folder);
/// The same of the file's text; throws mtl::Error where it is none.
RunRecord parse_record(std::string_view text);

}  // namespace mtl
