#pragma once

#include <string>
#include <vector>

#include "mtl/options.h"

namespace mtl::host {

/// One plugin option as the user wrote it.
struct GivenOption {
  std::string name;
  OptionValue value;
  std::string where;  ///< "abcd.toml:12:3" or "--set tasks.0.hidden": leads the sentence about it
};

/// What a configuration says about one plugin it wants.
struct PluginChoice {
  std::string name;   ///< as written; not yet checked
  std::string where;  ///< position of that name
  std::vector<GivenOption> options;
};

}  // namespace mtl::host
