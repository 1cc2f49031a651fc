#pragma once

#include <string>

namespace efficientnet {

/// What timm (its efficientnet_b0 .. b7 and tf_efficientnet_b0 .. b7) calls a tensor that torchvision calls
/// "features.2.0.block.1.0.weight": "blocks.1.0.conv_dw.weight". Throws mtl::Error for a name that is no
/// EfficientNet's.
std::string timm_name(const std::string& torchvision_name);

}  // namespace efficientnet
