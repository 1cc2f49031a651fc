#pragma once

#include <filesystem>
#include <iosfwd>

#include "framework/cli/run_command.h"
#include "framework/config/run_config.h"

namespace mtl {

/// `data synth DIR`: the synthetic parts as PNG files and a manifest.
int data_synth(const std::filesystem::path& folder, const SyntheticSettings& settings, std::ostream& out);

/// `data check CONFIG`: reads every image of a configuration's data and names all that cannot be read. Returns 1 where
/// there are any.
int data_check(const ConfigArguments& arguments, std::ostream& out);

}  // namespace mtl
