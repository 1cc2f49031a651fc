#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "framework/config/run_config.h"

namespace mtl {

/// The member of RunConfig that a key fills.
using Field = std::variant<bool*, int64_t*, uint64_t*, double*, std::string*, std::filesystem::path*,
                           std::vector<std::string>*, std::vector<uint64_t>*, std::vector<double>*,
                           std::vector<std::filesystem::path>*, AugmentationSet*, host::PluginChoice*>;

/// One key of a TOML table, described once: this drives reading, checking, `config show` and the reference.
struct Key {
  std::string name;
  Field field;
  std::string doc;
  std::optional<double> minimum = {};  ///< belongs to the range, unless `above`
  std::optional<double> maximum = {};
  bool above = false;  ///< the minimum itself is outside
  std::vector<std::string> choices = {};
  bool required = false;
  bool relative_to_working_folder = false;  ///< a path that is not relative to the file it stands in
};

/// One TOML table.
struct Section {
  std::string path;  ///< "train.optimizer"
  std::string doc;
  std::vector<Key> keys;
  host::PluginChoice* plugin = nullptr;  ///< takes the keys that are not in `keys`
};

/// Every table but the tasks', over the members of `config`.
std::vector<Section> sections_of(RunConfig& config);
/// One of the [[tasks]].
Section section_of(TaskSettings& task);

}  // namespace mtl
