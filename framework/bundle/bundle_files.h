#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "framework/bundle/digests.h"
#include "framework/support/file_view.h"

namespace mtl {

/// The files of a bundle in memory, read from the disk as they are touched.
class BundleFiles {
 public:
  /// Reads a bundle's folder or .mtlb file and verifies it: the seal of the whole file, then SHA256SUMS; nothing else
  /// has been looked into when this is done. Throws mtl::Error without the bundle's name.
  explicit BundleFiles(const std::filesystem::path& bundle);

  bool has(const std::string& name) const { return files_.count(name) > 0; }
  /// Throws mtl::Error where there is no such file.
  std::string_view bytes(const std::string& name) const;
  /// The file on the disk in which a file's bytes lie.
  std::shared_ptr<FileView> view(const std::string& name) const;

 private:
  void read_archive(const std::filesystem::path& file);
  void read_folder(const std::filesystem::path& folder);

  NamedBytes files_;
  std::map<std::string, std::shared_ptr<FileView>> views_;
};

/// Whether a path is a bundle's: a file, or a folder with any of the files that only bundles have, so that one of which
/// a file is missing is not taken for a run.
bool is_bundle(const std::filesystem::path& path);

}  // namespace mtl
