#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace mtl {

/// The unsigned number in `count` (at most 8) bytes from `at` on, the lowest first. All of them are in `bytes`.
inline uint64_t little_endian(std::string_view bytes, size_t at, size_t count) {
  uint64_t number = 0;
  for (size_t i = 0; i < count; ++i) number |= uint64_t{static_cast<unsigned char>(bytes[at + i])} << (8 * i);
  return number;
}

}  // namespace mtl
