#pragma once

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// metrics.jsonl: a JSON object per epoch and one for the test, each flushed as it comes. Numbers read back the same;
/// one that is not finite is null. What differs between two equal runs is under "time".
class MetricsLog {
 public:
  /// Begins the file with these epochs' lines, in place of what it held. Throws mtl::Error where it cannot be written.
  MetricsLog(const std::filesystem::path& file, std::vector<std::string> tasks,
             const std::vector<EpochResult>& epochs = {});
  void epoch(const EpochResult& result);
  void test(int64_t best_epoch, const std::vector<TaskResult>& results);

 private:
  std::string line_of(const EpochResult& result) const;
  void write(const std::string& line);

  std::filesystem::path file_;
  std::ofstream out_;
  std::vector<std::string> tasks_;
};

}  // namespace mtl
