#include "framework/bundle/bundle_files.h"

#include <algorithm>

#include "framework/bundle/bundle_archive.h"
#include "framework/bundle/bundle_names.h"
#include "framework/bundle/zip_seal.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

/// The files below a folder, their names relative to it, with '/'.
std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  fs::recursive_directory_iterator entry(folder, error);
  for (size_t seen = 0; !error && entry != fs::recursive_directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().lexically_relative(folder).generic_string();
    if (++seen > 2 * bundle_name::most_files)
      throw Error("its folder holds more than the " + std::to_string(bundle_name::most_files) +
                  " files that a bundle may have; give a folder that `mtl-engine bundle` has written");
    const fs::file_status status = entry->symlink_status(error);
    if (error || fs::is_directory(status)) continue;
    if (!fs::is_regular_file(status))
      throw Error("it holds " + in_quotes(name) + ", which is " +
                  (fs::is_symlink(status) ? "a symbolic link" : "no file") +
                  "; copy the files themselves, or get the bundle again");
    names.push_back(name);
  }
  if (error) throw Error("its folder cannot be read: " + error.message() + "; check its permissions");
  return names;
}

}  // namespace

BundleFiles::BundleFiles(const fs::path& bundle) {
  std::error_code error;
  if (fs::is_directory(bundle, error))
    read_folder(bundle);
  else
    read_archive(bundle);
  verify_digests(files_);
}

void BundleFiles::read_archive(const fs::path& file) {
  const auto view = std::make_shared<FileView>(file);
  verify_zip_seal(view->bytes());
  files_ = files_in_archive(view->bytes());
  for (const auto& [name, bytes] : files_) views_[name] = view;
}

void BundleFiles::read_folder(const fs::path& folder) {
  const std::vector<std::string> names = names_in(folder);
  std::for_each(names.begin(), names.end(), bundle_name::require_plain);
  for (const std::string& name : names) {
    const auto view = std::make_shared<FileView>(folder / name);
    files_[name] = view->bytes();
    views_[name] = view;
  }
}

std::string_view BundleFiles::bytes(const std::string& name) const {
  const auto found = files_.find(name);
  if (found == files_.end()) throw Error(in_quotes(name) + " is missing; get the bundle again");
  return found->second;
}

std::shared_ptr<FileView> BundleFiles::view(const std::string& name) const { return views_.at(name); }

bool is_bundle(const fs::path& path) {
  std::error_code error;
  if (!fs::is_directory(path, error)) return fs::exists(path, error);
  for (const char* name : {bundle_name::facts, bundle_name::golden, bundle_name::digests})
    if (fs::exists(fs::symlink_status(path / name, error))) return true;
  return false;
}

}  // namespace mtl
