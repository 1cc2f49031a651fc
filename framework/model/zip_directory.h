#pragma once

#include <string_view>
#include <vector>

namespace mtl {

struct ZipEntry {
  std::string_view name;
  std::string_view bytes;  ///< empty where they are not plain
  bool is_plain;           ///< neither compressed nor encrypted
};

/// The entries of a zip file that lies in memory, as views into it. Nothing is decompressed: no file is larger inside
/// than outside.
///
/// Throws mtl::Error; its text is the end of a sentence that starts with the file: "ends before its zip directory".
class ZipDirectory {
 public:
  explicit ZipDirectory(std::string_view file);

  const std::vector<ZipEntry>& entries() const { return entries_; }  ///< by name
  /// Null where there is no entry of this name. Throws where it is compressed, which torch.save never does.
  const ZipEntry* find(std::string_view name) const;

 private:
  std::vector<ZipEntry> entries_;
};

}  // namespace mtl
