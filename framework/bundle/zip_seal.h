#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace mtl {

/// A zip file may end in a comment. That of a bundle is the digest of all bytes before it, headers included, so that
/// one altered byte anywhere is noticed.
inline constexpr size_t zip_seal_size = 7 + 64;

/// "sha256:<64 hex digits>" of the bytes.
std::string zip_seal(std::string_view bytes);

/// Throws mtl::Error unless the file begins as a zip file does and ends in the seal of what stands before.
void verify_zip_seal(std::string_view file);

}  // namespace mtl
