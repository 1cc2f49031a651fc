#include "framework/assembly/used_plugins.h"

#include <algorithm>

#include "framework/support/file_view.h"
#include "framework/support/sha256.h"

namespace mtl {

UsedPlugin used_plugin(PluginKind kind, const std::string& name, const std::string& where,
                       const host::PluginRegistry& registry) {
  const host::IndexedFile& file = registry.usable_file(kind, name, where);
  return {kind, name, file.note.name, file.note.version, file.file, sha256(FileView(file.file).bytes())};
}

std::vector<UsedPlugin> used_plugins(const RunConfig& config, const host::PluginRegistry& registry) {
  const host::PluginChoice& backbone = config.backbone.plugin;
  std::vector<UsedPlugin> plugins{used_plugin(PluginKind::backbone, backbone.name, backbone.where, registry)};
  for (const TaskSettings& task : config.tasks) {
    const bool is_there = std::any_of(plugins.begin() + 1, plugins.end(),
                                      [&](const UsedPlugin& other) { return other.name == task.plugin.name; });
    if (!is_there) plugins.push_back(used_plugin(PluginKind::head, task.plugin.name, task.plugin.where, registry));
  }
  return plugins;
}

}  // namespace mtl
