#pragma once

#include <string>

#include "framework/data/sample_table.h"

namespace mtl {

/// SHA-256 of the images' names, groups, label cells, and of the splits as they are now.
std::string table_digest(const SampleTable& table);
/// SHA-256 of which image is in which split.
std::string split_digest(const SampleTable& table);

}  // namespace mtl
