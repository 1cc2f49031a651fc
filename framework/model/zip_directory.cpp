#include "framework/model/zip_directory.h"

#include <algorithm>
#include <cstdint>
#include <string>

#include "framework/model/little_endian.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

using namespace std::literals;

// Sizes of the records without their names, extra fields and comments.
constexpr size_t end_size = 22, locator_size = 20, end64_size = 56, central_size = 46, local_size = 30;
constexpr uint64_t in_extra_field = 0xffffffff;  // stands where a number needs 64 bits
constexpr uint64_t most_entries = 1 << 20;       // a network has thousands of tensors

[[noreturn]] void fail_damaged(const std::string& what) {
  throw Error("has a damaged zip directory: " + what + "; get the file again");
}

/// The part of `file` that begins at `offset`: what stands in a file may point anywhere.
std::string_view part(std::string_view file, uint64_t offset, uint64_t size, const char* what) {
  if (offset > file.size() || size > file.size() - offset)
    fail_damaged(what + " of "s + std::to_string(size) + " bytes at byte " + std::to_string(offset) +
                 " is not within the file's " + std::to_string(file.size()) + " bytes");
  return file.substr(offset, size);
}

std::string_view record(std::string_view file, uint64_t offset, uint64_t size, std::string_view mark,
                        const char* what) {
  const std::string_view bytes = part(file, offset, size, what);
  if (bytes.substr(0, mark.size()) != mark)
    fail_damaged("byte " + std::to_string(offset) + " is not the start of " + what);
  return bytes;
}

size_t find_end(std::string_view file) {
  constexpr size_t longest_comment = 0xffff;
  const size_t first = file.size() - std::min(file.size(), end_size + longest_comment);
  for (size_t at = file.rfind("PK\5\6"sv); at != file.npos && at >= first; at = file.rfind("PK\5\6"sv, at - 1)) {
    if (file.size() - at >= end_size && little_endian(file, at + 20, 2) == file.size() - at - end_size) return at;
    if (at == 0) break;
  }
  throw Error("ends before its zip directory; the file is truncated, get it again");
}

struct Extent {
  uint64_t entries, offset, size;
};

Extent find_directory(std::string_view file) {
  const size_t end = find_end(file);
  const bool is_64 = end >= locator_size && file.substr(end - locator_size, 4) == "PK\6\7"sv;
  if (!is_64)
    return {little_endian(file, end + 10, 2), little_endian(file, end + 16, 4), little_endian(file, end + 12, 4)};
  const uint64_t at = little_endian(file, end - locator_size + 8, 8);
  const std::string_view end64 = record(file, at, end64_size, "PK\6\6"sv, "the directory's end");
  return {little_endian(end64, 32, 8), little_endian(end64, 48, 8), little_endian(end64, 40, 8)};
}

/// The 64-bit numbers of the extra field 1, one after another.
class LargeNumbers {
 public:
  explicit LargeNumbers(std::string_view extra) {
    while (extra.size() >= 4) {
      const uint64_t id = little_endian(extra, 0, 2), size = little_endian(extra, 2, 2);
      extra.remove_prefix(4);
      if (size > extra.size()) return;
      if (id == 1) {
        numbers_ = extra.substr(0, size);
        return;
      }
      extra.remove_prefix(size);
    }
  }

  uint64_t resolve(uint64_t number) {
    if (number != in_extra_field) return number;
    if (numbers_.size() < 8) fail_damaged("an entry lacks its 64-bit size or offset");
    number = little_endian(numbers_, 0, 8);
    numbers_.remove_prefix(8);
    return number;
  }

 private:
  std::string_view numbers_;
};

/// Where the entry's bytes are: its local header has a name and extra fields of its own length.
std::string_view stored_bytes(std::string_view file, uint64_t offset, uint64_t size, std::string_view name) {
  const std::string_view local = record(file, offset, local_size, "PK\3\4"sv, "an entry");
  const uint64_t name_size = little_endian(local, 26, 2), extra_size = little_endian(local, 28, 2);
  if (part(file, offset + local_size, name_size, "an entry's name") != name)
    fail_damaged("entry " + in_quotes(name) + " has another name at its bytes");
  return part(file, offset + local_size + name_size + extra_size, size, "an entry");
}

/// Takes the first entry off the directory.
ZipEntry take_entry(std::string_view file, std::string_view& directory) {
  const std::string_view central = record(directory, 0, central_size, "PK\1\2"sv, "a directory entry");
  const uint64_t name_size = little_endian(central, 28, 2), extra_size = little_endian(central, 30, 2),
                 comment_size = little_endian(central, 32, 2);
  const std::string_view name = part(directory, central_size, name_size, "a name");
  LargeNumbers large(part(directory, central_size + name_size, extra_size, "an extra field"));
  part(directory, central_size + name_size + extra_size, comment_size, "a comment");
  directory.remove_prefix(central_size + name_size + extra_size + comment_size);

  constexpr uint64_t encrypted = 1, stored = 0;
  const uint64_t flags = little_endian(central, 8, 2), method = little_endian(central, 10, 2);
  if (method != stored || (flags & encrypted)) return {name, {}, false};
  const uint64_t size = large.resolve(little_endian(central, 24, 4));
  const uint64_t packed_size = large.resolve(little_endian(central, 20, 4));
  const uint64_t offset = large.resolve(little_endian(central, 42, 4));
  if (size != packed_size) fail_damaged("entry " + in_quotes(name) + " is stored and has two sizes");
  return {name, stored_bytes(file, offset, size, name), true};
}

bool by_name(const ZipEntry& a, const ZipEntry& b) { return a.name < b.name; }

}  // namespace

ZipDirectory::ZipDirectory(std::string_view file) {
  const Extent extent = find_directory(file);
  std::string_view directory = part(file, extent.offset, extent.size, "the directory");
  if (extent.entries > most_entries || extent.entries > directory.size() / central_size)
    fail_damaged("it states " + std::to_string(extent.entries) + " entries");
  entries_.reserve(extent.entries);
  for (uint64_t i = 0; i < extent.entries; ++i) entries_.push_back(take_entry(file, directory));
  std::sort(entries_.begin(), entries_.end(), by_name);
  const auto is_twin = [](const ZipEntry& a, const ZipEntry& b) { return a.name == b.name; };
  const auto twin = std::adjacent_find(entries_.begin(), entries_.end(), is_twin);
  if (twin != entries_.end()) fail_damaged("two entries have the name " + in_quotes(twin->name));
}

const ZipEntry* ZipDirectory::find(std::string_view name) const {
  const auto found = std::lower_bound(entries_.begin(), entries_.end(), ZipEntry{name, {}, true}, by_name);
  if (found == entries_.end() || found->name != name) return nullptr;
  if (!found->is_plain)
    throw Error("holds " + in_quotes(name) +
                " compressed or encrypted, which torch.save never does; save the weights again with torch.save");
  return &*found;
}

}  // namespace mtl
