#pragma once

#include "mtl/plugin.h"
#include "plugins/conformance/checks.h"

/// What a plugin of each kind promises, as checks that anybody's plugin goes through.
namespace mtl::conformance {

void check_head(const PluginItem& item, Checks& checks);
void check_backbone(const PluginItem& item, Checks& checks);
void check_weighting(const PluginItem& item, Checks& checks);

}  // namespace mtl::conformance
