#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace mtl {

/// A file's bytes as the value of src, so that a page needs no other file: "data:image/jpeg;base64,..." (RFC 2397, with
/// the alphabet of RFC 4648, section 4). `type` is a MIME type.
std::string data_uri(const std::string& type, const std::vector<uint8_t>& bytes);

}  // namespace mtl
