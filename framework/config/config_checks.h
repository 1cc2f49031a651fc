#pragma once

#include <functional>
#include <string>

#include "framework/config/problems.h"
#include "framework/config/run_config.h"

namespace mtl {

/// Where a key was set, or where its table or file is, for keys that stand nowhere.
using Locate = std::function<std::string(const std::string& key)>;

/// Whether a name can stand in a path as one plain part of it.
bool is_folder_name(const std::string& text);

/// What one key alone cannot show: one main task, names that differ, a manifest where one is needed, ...
void check_together(const RunConfig& config, const Locate& where, Problems& problems);

}  // namespace mtl
