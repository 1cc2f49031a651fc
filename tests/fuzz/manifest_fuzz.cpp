// Any text as a manifest: a table whose columns are of one length and whose images are named once, or a sentence.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>

#include "framework/data/manifest.h"
#include "mtl/error.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
  mtl::DataSettings settings;
  settings.manifest = "/nowhere/m.csv";
  settings.allow_outside = size % 2 == 0;
  if (size % 3 == 0) settings.group_column = "part";
  try {
    const mtl::Manifest manifest =
        mtl::manifest_of(mtl::parse_csv({reinterpret_cast<const char*>(bytes), size}, "m.csv"), settings);
    const mtl::SampleTable& table = manifest.table;
    const std::set<std::string> images(table.images.begin(), table.images.end());
    if (images.size() != table.size() || table.groups.size() != table.size() || table.splits.size() != table.size() ||
        table.cells.size() != table.size() || table.lines.size() != table.size())
      std::abort();
    for (const auto& cells : table.cells)
      if (cells.size() != table.columns.size()) std::abort();
  } catch (const mtl::Error& error) {
    if (std::string(error.what()).empty()) std::abort();
  }
  return 0;
}
