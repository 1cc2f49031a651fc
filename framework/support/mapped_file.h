#pragma once

#include <cstdint>
#include <filesystem>

namespace mtl {

/// Memory that lies in a nameless file, so that the system may write it out when it needs room. The file is gone when
/// this object or the process is. For one thread at a time.
class MappedFile {
 public:
  /// Reserves addresses, not yet disk. Throws Error where the folder takes no such file.
  MappedFile(const std::filesystem::path& folder, int64_t capacity);
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;
  ~MappedFile();

  /// `bytes` (at least one) that begin on a 64-byte boundary and have their place on the disk; null where the capacity
  /// or the disk has no more.
  uint8_t* take(int64_t bytes);

 private:
  int descriptor_;
  int64_t capacity_;
  int64_t taken_ = 0;
  uint8_t* begin_;
};

}  // namespace mtl
