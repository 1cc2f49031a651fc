#include "framework/bundle/zip_writer.h"

#include <boost/crc.hpp>
#include <cstdint>

#include "framework/bundle/zip_seal.h"
#include "mtl/error.h"

namespace mtl {
namespace {

using namespace std::literals;

// Sizes of the records without their names and the comment.
constexpr uint64_t local_size = 30, central_size = 46, end_size = 22;

/// The bytes of a number, the lowest first.
std::string number(uint64_t value, int count) {
  std::string bytes;
  for (int i = 0; i < count; ++i) bytes += static_cast<char>(value >> (8 * i) & 0xff);
  return bytes;
}

uint32_t checksum(std::string_view bytes) {
  boost::crc_32_type crc;
  crc.process_bytes(bytes.data(), bytes.size());
  return crc.checksum();
}

uint64_t zip_size(const NamedBytes& files) {
  uint64_t size = end_size + zip_seal_size;
  for (const auto& [name, bytes] : files) size += local_size + central_size + 2 * name.size() + bytes.size();
  return size;
}

void require_room(const NamedBytes& files, uint64_t size) {
  constexpr uint64_t most_files = 0xffff, most_bytes = 0xffffffff;
  if (files.size() < most_files && size < most_bytes) return;
  throw Error(std::to_string(files.size()) + " files of " + std::to_string(size) +
              " bytes do not fit into one .mtlb file, which takes less than 65535 files and 4 GiB; write the bundle as "
              "a folder");
}

/// What the headers before an entry's bytes and in the directory share: version 1.0, stored, 1980-01-01 00:00.
std::string facts_of(const std::string& name, std::string_view bytes) {
  constexpr uint64_t version = 10, flags = 0, stored = 0, time = 0, first_day = 0x21, extra_size = 0;
  return number(version, 2) + number(flags, 2) + number(stored, 2) + number(time, 2) + number(first_day, 2) +
         number(checksum(bytes), 4) + number(bytes.size(), 4) + number(bytes.size(), 4) + number(name.size(), 2) +
         number(extra_size, 2);
}

std::string central_record(const std::string& facts, const std::string& name, uint64_t offset) {
  constexpr uint64_t made_on_unix = 3 << 8 | 10, comment_size = 0, disk = 0, internal = 0;
  constexpr uint64_t plain_file = 0100644ULL << 16;  // else unzip makes files that nobody can read
  return "PK\1\2"s + number(made_on_unix, 2) + facts + number(comment_size, 2) + number(disk, 2) + number(internal, 2) +
         number(plain_file, 4) + number(offset, 4) + name;
}

}  // namespace

std::string sealed_zip(const NamedBytes& files) {
  const uint64_t size = zip_size(files);
  require_room(files, size);
  std::string zip, directory;
  zip.reserve(size);
  for (const auto& [name, bytes] : files) {
    const std::string facts = facts_of(name, bytes);
    directory += central_record(facts, name, zip.size());
    zip += "PK\3\4" + facts + name;
    zip += bytes;
  }
  const std::string counts = number(files.size(), 2) + number(files.size(), 2);
  const std::string place = number(directory.size(), 4) + number(zip.size(), 4);
  zip += directory + "PK\5\6" + number(0, 4) + counts + place + number(zip_seal_size, 2);
  return zip + zip_seal(zip);
}

}  // namespace mtl
