#pragma once

#include <cstddef>
#include <filesystem>
#include <string_view>

namespace mtl {

/// A whole file as memory, read from the disk as it is touched. Writing to the memory changes a private copy, never the
/// file. The file must not be shortened meanwhile; files of the engine are replaced, never written in place.
class FileView {
 public:
  /// Throws mtl::Error that names the file where it is none or cannot be read.
  explicit FileView(const std::filesystem::path& file);
  FileView(const FileView&) = delete;
  FileView& operator=(const FileView&) = delete;
  ~FileView();

  char* data() const { return begin_; }
  size_t size() const { return size_; }
  std::string_view bytes() const { return {begin_, size_}; }

 private:
  char* begin_ = nullptr;  ///< null for an empty file
  size_t size_ = 0;
};

}  // namespace mtl
