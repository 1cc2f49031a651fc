#include "framework/bundle/bundle_archive.h"

#include "framework/bundle/bundle_names.h"
#include "framework/model/zip_directory.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

ZipDirectory directory_of(std::string_view archive) {
  try {
    return ZipDirectory(archive);
  } catch (const Error& error) {
    throw Error(std::string("the zip file ") + error.what());
  }
}

}  // namespace

NamedBytes files_in_archive(std::string_view archive) {
  const ZipDirectory directory = directory_of(archive);
  if (directory.entries().size() > bundle_name::most_files)
    throw Error("it holds " + std::to_string(directory.entries().size()) + " files, a bundle has at most " +
                std::to_string(bundle_name::most_files) + "; give a file that `mtl-engine bundle` has written");
  NamedBytes files;
  for (const ZipEntry& entry : directory.entries()) {
    bundle_name::require_plain(entry.name);
    if (!entry.is_plain)
      throw Error("it holds " + in_quotes(entry.name) +
                  " compressed or encrypted, a bundle's files are stored as they are; get the bundle again as it was "
                  "written");
    files.emplace(entry.name, entry.bytes);
  }
  return files;
}

}  // namespace mtl
