#include "framework/assembly/finished_run.h"

#include <map>

#include "framework/assembly/make_model.h"
#include "framework/config/run_config_loader.h"
#include "framework/model/safetensors.h"
#include "framework/model/weights.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

namespace fs = std::filesystem;

fs::path part_of(const fs::path& folder, const char* name) {
  const fs::path file = folder / name;
  std::error_code error;
  if (!fs::is_regular_file(file, error))
    throw Error(in_quotes(folder.string()) + " is no folder of a finished run: there is no " + name +
                " in it; give a folder that `mtl-engine run` has written");
  return file;
}

/// The file's tensors in the order of the model's.
std::vector<NamedTensor> ordered_as(const std::vector<NamedTensor>& state, const SafetensorsFile& weights,
                                    const std::string& file) {
  std::map<std::string, at::Tensor> given;
  for (const NamedTensor& named : weights.tensors) given[named.name] = named.tensor;
  std::vector<NamedTensor> ordered;
  for (const NamedTensor& own : state) {
    const auto found = given.find(own.name);
    if (found == given.end() || found->second.sizes() != own.tensor.sizes())
      throw Error(file + " does not fit the run's config.toml: " + in_quotes(own.name) +
                  (found == given.end() ? " is missing" : " has another shape") +
                  "; use the plugins that the run was made with");
    ordered.push_back({own.name, found->second});
  }
  return ordered;
}

}  // namespace

std::unique_ptr<MultiTaskModel> finished_model(const RunConfig& config, const host::PluginRegistry& registry,
                                               const SafetensorsFile& weights, const std::string& file) {
  std::unique_ptr<MultiTaskModel> model = make_model(config, registry);
  restore(model->state(), ordered_as(model->state(), weights, file));
  model->train(false);
  return model;
}

FinishedRun open_run(const fs::path& folder, const PluginAccess& plugins) {
  const fs::path config = part_of(folder, "config.toml"), weights = part_of(folder, "model.safetensors");
  FinishedRun run;
  run.config = load_run_config(config, {}).config;
  const host::PluginRegistry registry = open_plugins(plugins, run.config.engine.plugin_dirs);
  run.model = finished_model(run.config, registry, read_safetensors(weights), weights.string());
  run.plugins = used_plugins(run.config, registry);
  return run;
}

}  // namespace mtl
