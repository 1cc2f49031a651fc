#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "framework/config/run_config.h"
#include "framework/report/run_record.h"
#include "mtl/figures.h"

namespace mtl {

struct BundleTask {
  std::string name, plugin;
  bool main = false;
  std::string column;  ///< of the data, from which its labels came
  ClassList classes;   ///< empty for a head that does not classify
};

/// A plugin that the model was trained with.
struct BundlePlugin {
  std::string kind, name;        ///< "head", "focal"
  std::string library, version;  ///< what its note says
  std::string sha256;            ///< of the library's file
};

/// A task's figures on the run's test split.
struct BundleTest {
  std::string task;
  int64_t labelled = 0;         ///< images
  std::vector<Figure> figures;  ///< in the head's order
};

/// What a bundle says about itself, for people and for the checks when it is opened.
struct BundleFacts {
  std::string name;                           ///< of the run
  std::string created;                        ///< UTC, "2024-05-31T09:30:00Z"
  std::string engine_version, torch_version;  ///< that wrote it
  std::vector<BundleTask> tasks;              ///< in the model's order
  InputSettings input;
  std::array<double, 3> mean{}, deviation{};  ///< red, green, blue; of pixels in 0..1
  std::vector<BundlePlugin> plugins;
  RunDigests data;  ///< of the run
  std::vector<BundleTest> test;
};

std::string bundle_json(const BundleFacts& facts);
/// Throws mtl::Error for text that bundle_json() does not write, and for a newer format.
BundleFacts parse_bundle_facts(std::string_view text);

}  // namespace mtl
