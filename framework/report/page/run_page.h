#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "framework/report/run_result.h"

namespace mtl {

/// All that the page of one run shows.
struct RunPage {
  std::string name;
  std::vector<EpochResult> epochs;
  std::vector<TaskResult> test;  ///< per task, the main one among them
  int64_t best_epoch = 0;        ///< whose weights were tested, from 1
  bool stopped_early = false;
  std::string settings;                                          ///< the resolved configuration as TOML
  std::string data;                                              ///< a sentence: how many images of which kind
  std::vector<std::pair<std::string, std::string>> environment;  ///< fact, value
  double seconds = 0;                                            ///< that the run took
  std::vector<std::string> left_out;                             ///< images that could not be read
};

/// report.html of a run: one file that needs no other.
std::string run_page(const RunPage& run);

}  // namespace mtl
