#include "mtl/plugin.h"

#include "backbones/efficientnet/efficientnet.h"

MTL_PLUGIN(.name = "efficientnet", .version = "0.1.0", .licence = "MIT",
           .summary = "EfficientNet B0 to B7, torchvision's topology and parameter names",
           .offers =
               "backbone:efficientnet_b0 backbone:efficientnet_b1 backbone:efficientnet_b2 "
               "backbone:efficientnet_b3 backbone:efficientnet_b4 backbone:efficientnet_b5 "
               "backbone:efficientnet_b6 backbone:efficientnet_b7") {
  std::vector<mtl::PluginItem> items;
  for (const efficientnet::Variant& variant : efficientnet::variants())
    items.push_back(mtl::backbone<efficientnet::EfficientNet>(
        std::string(variant.name), "EfficientNet, designed for " + std::to_string(variant.resolution) + " px",
        efficientnet::EfficientNet::options(variant)));
  return items;
}
