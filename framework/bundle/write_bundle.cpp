#include "framework/bundle/write_bundle.h"

#include <unistd.h>

#include "framework/bundle/bundle_names.h"
#include "framework/bundle/zip_writer.h"
#include "framework/support/atomic_file.h"
#include "framework/support/sha256.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

/// The texts that are made here; the views of NamedBytes lead into them.
struct Texts {
  std::string facts, golden, digests;
};

NamedBytes files_of(const BundleParts& parts, Texts& texts) {
  texts.facts = bundle_json(parts.facts);
  texts.golden = golden_json(parts.golden);
  NamedBytes files{{bundle_name::facts, texts.facts},
                   {bundle_name::config, parts.config},
                   {bundle_name::weights, parts.weights},
                   {bundle_name::golden, texts.golden}};
  if (!parts.decisions.empty()) files[bundle_name::decisions] = parts.decisions;
  for (size_t i = 0; i < parts.pictures.size(); ++i) files[bundle_name::picture(i)] = parts.pictures[i];
  texts.digests = digests_text(files);
  files[bundle_name::digests] = texts.digests;
  return files;
}

/// Fills a folder beside the wanted one, and renames it when all is on the disk.
void write_folder(const fs::path& folder, const NamedBytes& files) {
  fs::path temporary = folder;
  temporary += ".tmp" + std::to_string(::getpid());
  std::error_code error;
  try {
    for (const auto& [name, bytes] : files) {
      make_folder((temporary / name).parent_path());
      write_file(temporary / name, bytes);
    }
    require_unused_name(folder);
    fs::rename(temporary, folder, error);
    if (error)
      throw Error("cannot rename " + in_quotes(temporary.string()) + " to " + in_quotes(folder.string()) + ": " +
                  error.message() + "; choose another name");
  } catch (...) {
    fs::remove_all(temporary, error);
    throw;
  }
}

}  // namespace

void require_unused_name(const fs::path& to) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(to, error)))
    throw Error(in_quotes(to.string()) + " is there already; give another name, or remove it first");
}

WrittenBundle write_bundle(const fs::path& to, const BundleParts& parts) {
  const fs::path place = to.has_filename() ? to : to.parent_path();  // "folder/" is "folder"
  require_unused_name(place);
  if (place.has_parent_path()) make_folder(place.parent_path());
  Texts texts;
  const NamedBytes files = files_of(parts, texts);
  if (place.extension() == ".mtlb") {
    const std::string zip = sealed_zip(files);
    write_file(place, zip);
    return {files.size(), zip.size(), sha256(zip)};
  }
  write_folder(place, files);
  uint64_t bytes = 0;
  for (const auto& [name, content] : files) bytes += content.size();
  return {files.size(), bytes, sha256(texts.digests)};
}

}  // namespace mtl
