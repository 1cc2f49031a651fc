#pragma once

#include <map>
#include <string>
#include <vector>

#include "mtl/options.h"
#include "plugins/host/given_option.h"

namespace mtl::host {

/// The values of a plugin's options with defaults filled in, or everything that is wrong with what was given.
struct CheckedOptions {
  std::map<std::string, OptionValue> values;
  std::vector<std::string> problems;  ///< whole sentences, each led by its position
};

/// Unknown option, wrong type (an integer serves for a number), out of range, none of the choices, missing. `owner` is
/// "head 'focal'"; `where` leads the sentence about a missing one.
CheckedOptions check_options(const std::vector<OptionSpec>& specs, const std::vector<GivenOption>& given,
                             const std::string& owner, const std::string& where);

/// "0 .. 1", ">= 3", "a | b", or "".
std::string range_text(const OptionSpec& spec);

}  // namespace mtl::host
