#include "framework/cli/command_parser.h"

namespace mtl {

void add_plugin_options(CLI::App* command, PluginAccess& access) {
  command->add_option("--plugin-dir", access.dirs, "Folder to search for plugins first (may be given again)")
      ->type_name("DIR")
      ->allow_extra_args(false);
  command->add_flag("--allow-insecure-plugins", access.allow_insecure,
                    "Use plugins that other users can change; they can run any code as you");
}

}  // namespace mtl
