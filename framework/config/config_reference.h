#pragma once

#include <string>

namespace mtl {

/// docs/config_reference.md: every key with its type, default, range and meaning, as Markdown.
std::string config_reference();

}  // namespace mtl
