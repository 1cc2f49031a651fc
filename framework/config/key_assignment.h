#pragma once

#include <string>

#include "framework/config/config_keys.h"
#include "framework/config/config_tree.h"

namespace mtl {

/// Writes a TOML value into the member that `key` names, or adds a sentence where type, range or choice are wrong, led
/// by the value's position. `name` is what the sentence calls the key: "train.epochs". In paths, ~ and ${VARIABLE} are
/// expanded.
void assign_key(const Key& key, const std::string& name, const ConfigNode& node, Problems& problems);

}  // namespace mtl
