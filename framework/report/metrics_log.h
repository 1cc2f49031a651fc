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
  MetricsLog(const std::filesystem::path& file, std::vector<std::string> tasks);
  void epoch(const EpochResult& result);
  void test(int64_t best_epoch, const std::vector<TaskResult>& results);

 private:
  void write(const std::string& line);

  std::filesystem::path file_;
  std::ofstream out_;
  std::vector<std::string> tasks_;
};

}  // namespace mtl
