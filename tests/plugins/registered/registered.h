#pragma once

#include <string>
#include <vector>

#include "plugins/host/plugin_registry.h"

namespace mtl::test {

inline const host::PluginRegistry& registry() {
  static const host::PluginRegistry all({MTL_TEST_PLUGIN_DIR, MTL_EXAMPLE_DIR});
  return all;
}

/// Every name of a kind that the project's own libraries offer: a new plugin is tested with no new line here.
inline std::vector<std::string> offered(PluginKind kind) {
  std::vector<std::string> names;
  for (const host::IndexedFile& file : registry().files())
    for (const host::Offer& offer : file.offers)
      if (offer.kind == host::name_of(kind)) names.push_back(offer.name);
  return names;
}

}  // namespace mtl::test
