#include "framework/assembly/plugin_access.h"

#include <iostream>

#include "plugins/host/search_path.h"

namespace mtl {

host::PluginRegistry open_plugins(const PluginAccess& access, const std::vector<std::filesystem::path>& configured) {
  host::PluginRegistry registry(host::plugin_folders(access.dirs, configured),
                                access.allow_insecure ? host::Trust::everybody : host::Trust::owner);
  for (const host::IndexedFile& file : registry.files())
    if (!file.warning.empty())
      std::cerr << "WARNING: " << file.file.string() << " " << file.warning << "; it is used all the same\n";
  return registry;
}

}  // namespace mtl
