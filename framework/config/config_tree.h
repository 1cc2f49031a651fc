#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <variant>
#include <vector>

#include "framework/config/problems.h"
#include "mtl/options.h"

namespace mtl {

/// Where a value was written.
struct Origin {
  std::string text;              ///< "configs/base.toml:12:3" or "--set train.epochs"
  std::filesystem::path folder;  ///< paths are relative to it
};

struct ConfigNode;
using ConfigTable = std::map<std::string, ConfigNode>;

/// What a value can be: the TOML types that a configuration uses. `Unusable` holds the name of any other (a date, a
/// list of lists), to be complained about where it is read.
struct Unusable {
  std::string type;
};
struct ConfigNode {
  std::variant<OptionValue, std::vector<double>, ConfigTable, std::vector<ConfigTable>, Unusable> value;
  Origin origin;
  std::vector<Origin> item_origins;  ///< of a list of tables
};

/// The tables of `file` over those of the file it extends, and so on: tables merge, everything else replaces. Then the
/// overrides ("train.epochs=3", "tasks.A.weight=0.5"). Throws ConfigError: a missing, unreadable or malformed file, a
/// circle of extends, an override that is none.
ConfigTable read_config_tree(const std::filesystem::path& file, const std::vector<std::string>& overrides);

/// The tables of a TOML text that extends nothing; `name` leads positions. Throws ConfigError likewise.
ConfigTable parse_config_tree(const std::string& text, const std::string& name);

/// "integer", "table", ...: for sentences about a wrong type.
std::string type_name(const ConfigNode& node);

}  // namespace mtl
