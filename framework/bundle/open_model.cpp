#include "framework/bundle/open_model.h"

#include <string_view>

#include "framework/assembly/finished_run.h"
#include "framework/bundle/bundle_facts.h"
#include "framework/bundle/bundle_files.h"
#include "framework/bundle/bundle_names.h"
#include "framework/bundle/bundle_plugins.h"
#include "framework/bundle/golden_answers.h"
#include "framework/config/run_config_loader.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

void require_own(const Decisions& decisions, const MultiTaskModel& model, const fs::path& file) {
  std::vector<std::string> tasks;
  std::vector<ClassList> classes;
  for (const GuardedHead& head : model.heads()) {
    tasks.push_back(head.task());
    classes.push_back(head.classes());
  }
  require_fits(decisions, tasks, classes, file);
}

void require_golden(const BundleFiles& files, const BundleFacts& facts, const RunConfig& config,
                    MultiTaskModel& model) {
  const std::vector<GoldenPicture> expected = parse_golden_json(files.bytes(bundle_name::golden));
  std::vector<EncodedPicture> pictures;
  for (const GoldenPicture& picture : expected) pictures.push_back({picture.file, files.bytes(picture.file)});
  if (pictures.empty()) throw Error("golden.json names no picture; make the bundle again");
  const std::vector<std::string> mismatches = golden_mismatches(expected, golden_answers(model, config, pictures));
  if (!mismatches.empty())
    throw Error("the model does not answer its golden pictures as it did when the bundle was made, with mtl-engine " +
                facts.engine_version + " and LibTorch " + facts.torch_version + ": " + mismatches.front() +
                (mismatches.size() == 1 ? "" : ", and " + std::to_string(mismatches.size() - 1) + " more differ") +
                "; use that engine and those plugins, or make the bundle again and test it");
}

UsableModel open_files(const BundleFiles& files, const PluginAccess& access) {
  UsableModel opened;
  opened.is_bundle = true;
  const BundleFacts facts = parse_bundle_facts(files.bytes(bundle_name::facts));
  opened.name = facts.name;
  opened.config = parse_run_config(std::string(files.bytes(bundle_name::config)), bundle_name::config).config;
  const host::PluginRegistry registry = open_plugins(access, {});
  opened.notes = compare_plugins(facts.plugins, opened.config, registry);
  const std::string_view weights = files.bytes(bundle_name::weights);
  opened.model = finished_model(opened.config, registry,
                                read_safetensors(files.view(bundle_name::weights), weights, bundle_name::weights),
                                bundle_name::weights);
  require_same_model(facts, facts_of(opened.config, *opened.model));
  if (files.has(bundle_name::decisions)) {
    opened.decisions = parse_decisions(files.bytes(bundle_name::decisions), bundle_name::decisions);
    require_own(opened.decisions, *opened.model, bundle_name::decisions);
  }
  require_golden(files, facts, opened.config, *opened.model);
  return opened;
}

UsableModel open_bundle(const fs::path& bundle, const PluginAccess& access) {
  try {
    return open_files(BundleFiles(bundle), access);
  } catch (const Error& error) {
    throw Error("bundle " + bundle.string() + ": " + error.what());
  }
}

UsableModel open_finished(const fs::path& folder, const PluginAccess& access) {
  FinishedRun run = open_run(folder, access);
  UsableModel opened{std::move(run.config), std::move(run.model), {}, run.config.run.name, false, {}};
  const fs::path decisions = folder / bundle_name::decisions;
  std::error_code error;
  if (fs::exists(decisions, error)) {
    opened.decisions = read_decisions(decisions);
    require_own(opened.decisions, *opened.model, decisions);
  }
  return opened;
}

}  // namespace

UsableModel open_model(const fs::path& path, const PluginAccess& plugins) {
  std::error_code error;
  if (!fs::exists(path, error))
    throw Error(in_quotes(path.string()) + " is not there; give the folder of a finished run, or a bundle");
  return is_bundle(path) ? open_bundle(path, plugins) : open_finished(path, plugins);
}

}  // namespace mtl
