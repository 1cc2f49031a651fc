#pragma once

#include <string>
#include <string_view>

namespace mtl {

/// The SHA-256 digest (FIPS 180-4) as 64 hexadecimal digits.
std::string sha256(std::string_view bytes);

}  // namespace mtl
