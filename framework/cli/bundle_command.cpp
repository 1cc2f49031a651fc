#include "framework/cli/bundle_command.h"

#include <torch/version.h>

#include <chrono>
#include <ctime>
#include <ostream>

#include "framework/assembly/compute.h"
#include "framework/assembly/finished_run.h"
#include "framework/bundle/bundle_facts.h"
#include "framework/bundle/bundle_names.h"
#include "framework/bundle/bundle_plugins.h"
#include "framework/bundle/golden_answers.h"
#include "framework/bundle/open_model.h"
#include "framework/bundle/write_bundle.h"
#include "framework/cli/golden_pictures.h"
#include "framework/report/run_record.h"
#include "framework/support/file_view.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

std::string utc_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

BundleFacts facts_of_run(FinishedRun& run, const RunRecord& record) {
  BundleFacts facts = facts_of(run.config, *run.model);
  facts.name = run.config.run.name;
  facts.created = utc_now();
  facts.engine_version = MTL_VERSION;
  facts.torch_version = TORCH_VERSION;
  for (size_t k = 0; k < facts.tasks.size(); ++k) facts.tasks[k].column = record.columns.at(k);
  facts.plugins = recorded(run.plugins);
  facts.data = record.digests;
  for (const TaskResult& task : record.test) facts.test.push_back({task.task, task.labelled, task.figures});
  return facts;
}

std::vector<EncodedPicture> named(const std::vector<std::string>& pictures) {
  std::vector<EncodedPicture> encoded;
  for (size_t i = 0; i < pictures.size(); ++i) encoded.push_back({bundle_name::picture(i), pictures[i]});
  return encoded;
}

WrittenBundle write(const BundleArguments& arguments, FinishedRun& run, const RunRecord& record) {
  BundleParts parts;
  parts.facts = facts_of_run(run, record);
  {
    Predictor predictor(*run.model, {run.config.input, choose_device(arguments.device), {}});
    parts.pictures = golden_pictures(predictor, run.config, arguments.golden, static_cast<size_t>(arguments.pictures));
  }
  parts.golden = golden_answers(*run.model, run.config, named(parts.pictures));
  const FileView config(arguments.run / bundle_name::config), weights(arguments.run / bundle_name::weights);
  parts.config = config.bytes();
  parts.weights = weights.bytes();
  const fs::path decisions = arguments.run / bundle_name::decisions;
  std::error_code error;
  if (!fs::exists(decisions, error)) return write_bundle(arguments.out, parts);
  const FileView decisions_view(decisions);
  parts.decisions = decisions_view.bytes();
  return write_bundle(arguments.out, parts);
}

/// As the line will open it; the run's own folders of plugins are searched too, which the bundle does not name.
void verify(const BundleArguments& arguments, const RunConfig& config) {
  PluginAccess access = arguments.plugins;
  access.dirs.insert(access.dirs.end(), config.engine.plugin_dirs.begin(), config.engine.plugin_dirs.end());
  open_model(arguments.out, access);
}

}  // namespace

int bundle(const BundleArguments& arguments, std::ostream& out) {
  require_unused_name(arguments.out);
  FinishedRun run = open_run(arguments.run, arguments.plugins);
  const RunRecord record = read_record(arguments.run);
  prepare_compute(run.config.engine);
  const WrittenBundle written = write(arguments, run, record);
  verify(arguments, run.config);
  const bool is_file = arguments.out.extension() == ".mtlb";
  out << arguments.out.string() << ": " << written.files << " files, " << written.bytes << " bytes, SHA-256 "
      << (is_file ? "" : "of SHA256SUMS ") << written.digest
      << "\nopened again: its digests and the answers to its golden pictures are as they were written\n";
  return 0;
}

}  // namespace mtl
