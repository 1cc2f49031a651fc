#pragma once

#include <string>

#include "framework/config/config_keys.h"

namespace mtl {

/// "0 .. 1", "> 0", "a | b": what is allowed, "" where everything is.
std::string range_text(const Key& key);
/// The type as the reference and errors name it.
std::string type_text(const Key& key);
/// The field's present value as TOML.
std::string value_text(const Key& key);

}  // namespace mtl
