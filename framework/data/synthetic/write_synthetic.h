#pragma once

#include <filesystem>

#include "framework/data/synthetic/synthetic_parts.h"

namespace mtl {

/// Writes the photographs as PNG and a manifest.csv (image, part, then the label columns) that data.source = "manifest"
/// reads back with group_column = "part". Throws mtl::Error where the folder exists and is not empty.
void write_synthetic(const SyntheticParts& parts, const std::filesystem::path& folder);

}  // namespace mtl
