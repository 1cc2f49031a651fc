#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace mtl {

struct SafetensorsEntry {
  std::string name;
  std::string dtype;  ///< "F32", "BF16", "F8_E4M3" and the others of the format
  std::vector<int64_t> shape;
  uint64_t begin = 0, end = 0;  ///< of its bytes, counted from SafetensorsHeader::data_begin
};

struct SafetensorsHeader {
  std::vector<SafetensorsEntry> entries;  ///< in the order of their bytes
  std::map<std::string, std::string> metadata;
  uint64_t data_begin = 0;  ///< in the file
};

/// Reads the header of a whole file's bytes. Every entry of what it returns lies within the file, has the size of its
/// shape, and begins where the one before ends. Throws mtl::Error, a sentence without the file's name: for a header
/// longer than the file or 100 MB, JSON that is none, is nested or names a tensor twice, unknown types, impossible
/// shapes, gaps and overlaps.
SafetensorsHeader parse_safetensors(std::string_view file);

/// Bytes of an element; 0 for a type that the format does not know.
uint64_t safetensors_element_size(std::string_view dtype);

}  // namespace mtl
