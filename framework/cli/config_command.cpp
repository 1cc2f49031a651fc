#include "framework/cli/config_command.h"

#include <ostream>

#include "framework/cli/compose.h"
#include "framework/config/resolved_config.h"

namespace mtl {

int config_check(const ConfigArguments& arguments, std::ostream& out) {
  const LoadedConfig loaded = load_run_config(arguments.file, arguments.overrides);
  const host::PluginRegistry registry = open_plugins(arguments.plugins, loaded.config.engine.plugin_dirs);
  check_names(loaded, registry);
  make_trainable_model(loaded.config, registry);  // what only the finished parts can tell
  out << arguments.file.string() << " is in order: " << loaded.config.tasks.size() << " task(s) on "
      << loaded.config.backbone.plugin.name << "\n";
  return 0;
}

int config_show(const ConfigArguments& arguments, std::ostream& out) {
  out << resolved_toml(load_run_config(arguments.file, arguments.overrides));
  return 0;
}

}  // namespace mtl
