#include "framework/assembly/make_model.h"

#include <torch/utils.h>

#include "framework/config/problems.h"
#include "framework/support/random.h"
#include "mtl/error.h"

namespace mtl {

std::unique_ptr<MultiTaskModel> make_model(const RunConfig& config, const host::PluginRegistry& registry) {
  torch::manual_seed(derive_seed(config.run.seed, "backbone"));
  std::shared_ptr<Backbone> backbone;
  std::vector<GuardedHead> heads;
  try {
    backbone = registry.make_backbone(config.backbone.plugin);
    for (const TaskSettings& task : config.tasks) {
      torch::manual_seed(derive_seed(derive_seed(config.run.seed, "head"), task.name));
      heads.emplace_back(task.name, registry.make_head(task.plugin, task.name, backbone->shape()),
                         registry.library_of(PluginKind::head, task.plugin));
    }
  } catch (const Error& error) {  // options that are fine one by one and do not fit together
    throw ConfigError({error.what()});
  }
  return std::make_unique<MultiTaskModel>(backbone, heads,
                                          registry.library_of(PluginKind::backbone, config.backbone.plugin));
}

}  // namespace mtl
