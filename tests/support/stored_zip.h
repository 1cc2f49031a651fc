#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace mtl::test {

inline std::string little_endian_bytes(uint64_t number, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(number >> (8 * i) & 0xff);
  return bytes;
}

/// A zip file of entries (name, bytes) that are stored as they are, as the format's description has it; no checksums.
inline std::string stored_zip(const std::vector<std::pair<std::string, std::string>>& entries) {
  const auto number = little_endian_bytes;
  std::string file, directory;
  for (const auto& [name, bytes] : entries) {
    const std::string sizes = number(bytes.size(), 4) + number(bytes.size(), 4);
    // version, flags, method, time and date, checksum
    const std::string common = number(20, 2) + number(0, 2) + number(0, 2) + number(0, 4) + number(0, 4) + sizes +
                               number(name.size(), 2) + number(0, 2);
    // comment, disk, attributes
    directory +=
        "PK\1\2" + number(20, 2) + common + number(0, 2) + number(0, 2) + number(0, 6) + number(file.size(), 4) + name;
    file += "PK\3\4" + common + name + bytes;
  }
  const std::string counts = number(entries.size(), 2) + number(entries.size(), 2);
  const std::string place = number(directory.size(), 4) + number(file.size(), 4);
  return file + directory + "PK\5\6" + number(0, 4) + counts + place + number(0, 2);
}

}  // namespace mtl::test
