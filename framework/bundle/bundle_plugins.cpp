#include "framework/bundle/bundle_plugins.h"

#include <algorithm>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

std::string who(const BundlePlugin& plugin) { return plugin.kind + " " + in_quotes(plugin.name); }

std::string origin(const BundlePlugin& plugin) { return in_quotes(plugin.library) + " " + plugin.version; }

/// The plugins that are there; where one is not, the sentence says also which library was used.
std::vector<UsedPlugin> found_plugins(const std::vector<BundlePlugin>& stated, const RunConfig& config,
                                      const host::PluginRegistry& registry) {
  try {
    return used_plugins(config, registry);
  } catch (const Error& error) {
    std::vector<std::string> libraries;
    for (const BundlePlugin& plugin : stated)
      if (std::find(libraries.begin(), libraries.end(), origin(plugin)) == libraries.end())
        libraries.push_back(origin(plugin));
    throw Error(std::string(error.what()) + "; the bundle was made with the libraries " + join(libraries, ", ") +
                ": put them into a plugin folder, or name theirs with --plugin-dir");
  }
}

}  // namespace

std::vector<BundlePlugin> recorded(const std::vector<UsedPlugin>& plugins) {
  std::vector<BundlePlugin> recorded;
  for (const UsedPlugin& plugin : plugins)
    recorded.push_back({host::name_of(plugin.kind), plugin.name, plugin.library, plugin.version, plugin.sha256});
  return recorded;
}

std::vector<std::string> compare_plugins(const std::vector<BundlePlugin>& stated, const RunConfig& config,
                                         const host::PluginRegistry& registry) {
  const std::vector<UsedPlugin> used = found_plugins(stated, config, registry);
  const std::vector<BundlePlugin> found = recorded(used);
  std::vector<std::string> notes;
  for (size_t i = 0; i < found.size(); ++i) {
    if (i >= stated.size() || who(stated[i]) != who(found[i]))
      throw Error("config.toml names the " + who(found[i]) +
                  ", bundle.json does not record it in its place; make the bundle again");
    const std::string file = used[i].file.string();
    if (origin(stated[i]) != origin(found[i]))
      throw Error("the bundle was made with the " + who(found[i]) + " of " + origin(stated[i]) + ", " + file + " is " +
                  origin(found[i]) + "; install that version, or make the bundle again with this one");
    if (stated[i].sha256 != found[i].sha256)
      notes.push_back("NOTE: " + file + " is another build of " + origin(found[i]) +
                      " than the bundle was made with; it answers the golden pictures alike");
  }
  return notes;
}

}  // namespace mtl
