#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "framework/config/config_keys.h"

namespace mtl {

/// What a study's TOML file says: which runs are made of one base configuration, and how.
struct StudyConfig {
  std::filesystem::path file;    ///< absolute
  std::string name;              ///< default: the file's stem
  std::filesystem::path folder;  ///< runs/ by default, below the current directory; the study is folder/name
  std::filesystem::path base;    ///< the TOML file of a run with all tasks
  std::vector<std::string> set;  ///< overrides of the base: "train.epochs=12"
  std::vector<std::string> arms{"all_subsets"};
  std::vector<uint64_t> seeds{1, 2, 3};
  bool equal_learning_rate = false;  ///< loss weights of every arm sum to one
  std::vector<std::string> weightings, backbones;
  std::vector<double> auxiliary_weights;
  std::vector<std::string> slices;
  int64_t gradient_batches = 2;

  std::filesystem::path path() const { return folder / name; }
};

/// Reads it. Throws ConfigError with every problem that was found; the base is not looked at yet.
StudyConfig load_study_config(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

/// [study] over the members of `config`.
Section section_of(StudyConfig& config);

}  // namespace mtl
