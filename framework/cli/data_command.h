#pragma once

#include <filesystem>
#include <iosfwd>

#include "framework/config/run_config.h"

namespace mtl {

/// `data synth DIR`: the synthetic parts as PNG files and a manifest.
int data_synth(const std::filesystem::path& folder, const SyntheticSettings& settings, std::ostream& out);

}  // namespace mtl
