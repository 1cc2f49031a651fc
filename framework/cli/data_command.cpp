#include "framework/cli/data_command.h"

#include <ostream>

#include "framework/data/synthetic/write_synthetic.h"

namespace mtl {

int data_synth(const std::filesystem::path& folder, const SyntheticSettings& settings, std::ostream& out) {
  const SyntheticParts parts(settings);
  write_synthetic(parts, folder);
  out << parts.table().size() << " photographs of " << settings.parts << " parts in " << folder.string()
      << "; train on them with data.source = \"manifest\", data.manifest = \"" << (folder / "manifest.csv").string()
      << "\" and data.group_column = \"part\"\n";
  return 0;
}

}  // namespace mtl
