#pragma once

#include <map>
#include <string>
#include <vector>

#include "framework/config/run_config.h"

namespace mtl {

/// What a run learns depends on, as key -> TOML value ("train.epochs" -> "20", "tasks.A.weight" -> "0.5"): all but the
/// run's name and folder, the machine ([engine], what is done where its memory runs out), caches, what is only
/// measured, and paths, whose files' contents count instead.
std::map<std::string, std::string> run_keys(RunConfig config);

/// "train.epochs = 20, now 30" for every key in which two runs differ; "(not there)" for one that a side lacks.
std::vector<std::string> key_differences(const std::map<std::string, std::string>& before,
                                         const std::map<std::string, std::string>& now);

}  // namespace mtl
