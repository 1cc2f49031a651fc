#include "framework/cli/data_command.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <thread>

#include "framework/cli/dataset.h"
#include "framework/cli/failures.h"
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

int data_check(const ConfigArguments& arguments, std::ostream& out) {
  RunConfig config = load_run_config(arguments.file, arguments.overrides).config;
  config.data.cache_mb = 0;  // each is looked at once
  ImageStore images = open_images(config);
  WorkerPool workers(std::max<int64_t>(1, std::thread::hardware_concurrency()));
  const std::map<size_t, std::string> problems = read_images(images, workers);
  for (const auto& [row, sentence] : problems) out << sentence << "\n";
  const SampleTable& table = images.dataset.table;
  if (problems.empty())
    out << "all " << table.size() << " images of " << table.source << " can be read\n";
  else
    out << problems.size() << " of " << table.size() << " images of " << table.source << " cannot be read\n";
  return problems.empty() ? 0 : failed_run;
}

}  // namespace mtl
