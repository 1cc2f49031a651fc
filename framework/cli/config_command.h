#pragma once

#include <iosfwd>

#include "framework/cli/run_command.h"

namespace mtl {

/// `config check`: the configuration and the plugins it names. Throws ConfigError with all problems.
int config_check(const ConfigArguments& arguments, std::ostream& out);
/// `config show`: the whole configuration with each value's origin.
int config_show(const ConfigArguments& arguments, std::ostream& out);

}  // namespace mtl
