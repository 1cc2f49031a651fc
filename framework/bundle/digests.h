#pragma once

#include <map>
#include <string>
#include <string_view>

namespace mtl {

/// Files in memory by name, in the order of their names' bytes.
using NamedBytes = std::map<std::string, std::string_view>;

/// The text of SHA256SUMS: what `sha256sum` prints for every file but SHA256SUMS itself, in the order of their names,
/// "<64 hex digits>  <name>\n", so that `sha256sum -c SHA256SUMS` checks them too.
std::string digests_text(const NamedBytes& files);

/// Throws mtl::Error unless SHA256SUMS is there and is digests_text() byte for byte. The sentence names the file that
/// was altered, is missing or is too much.
void verify_digests(const NamedBytes& files);

}  // namespace mtl
