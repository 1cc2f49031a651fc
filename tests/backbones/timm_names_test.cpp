#include "backbones/efficientnet/timm_names.h"

#include <doctest/doctest.h>

#include <set>

#include "framework/model/weight_names.h"
#include "framework/model/weights.h"
#include "plugins/host/plugin_registry.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using efficientnet::timm_name;

TEST_CASE("names of each part of a network, as timm's source has them") {
  CHECK(timm_name("features.0.0.weight") == "conv_stem.weight");
  CHECK(timm_name("features.0.1.running_var") == "bn1.running_var");
  CHECK(timm_name("features.8.0.weight") == "conv_head.weight");
  CHECK(timm_name("features.8.1.bias") == "bn2.bias");
  CHECK(timm_name("features.1.0.block.0.0.weight") == "blocks.0.0.conv_dw.weight");
  CHECK(timm_name("features.1.0.block.1.fc1.bias") == "blocks.0.0.se.conv_reduce.bias");
  CHECK(timm_name("features.1.1.block.2.1.num_batches_tracked") == "blocks.0.1.bn2.num_batches_tracked");
  CHECK(timm_name("features.2.0.block.0.0.weight") == "blocks.1.0.conv_pw.weight");
  CHECK(timm_name("features.4.2.block.1.1.weight") == "blocks.3.2.bn2.weight");
  CHECK(timm_name("features.7.3.block.2.fc2.weight") == "blocks.6.3.se.conv_expand.weight");
  CHECK(timm_name("features.6.10.block.3.0.weight") == "blocks.5.10.conv_pwl.weight");
  CHECK(test::error_of([] { timm_name("features.9.0.weight"); }) ==
        "timm's EfficientNet has no tensor for 'features.9.0.weight'");
  CHECK_FALSE(test::error_of([] { timm_name("features.1.0.block.3.0.weight"); }).empty());
}

TEST_CASE("B0 to B7: to timm's names and back, every name once, every bit the same") {
  const host::PluginRegistry registry({MTL_TEST_PLUGIN_DIR});
  for (int variant = 0; variant < 8; ++variant) {
    const auto backbone = registry.make_backbone({"efficientnet_b" + std::to_string(variant), "test", {}});
    const std::vector<NamedTensor> own = state_of(*backbone);
    const std::vector<NamedTensor> timm = named_as("timm", *backbone, own);
    std::set<std::string> names;
    for (const NamedTensor& named : timm) names.insert(named.name);
    CHECK(names.size() == own.size());
    const NamedForBackbone back = named_for(*backbone, timm);
    CHECK(back.scheme == "timm");
    REQUIRE(back.tensors.size() == own.size());
    for (size_t i = 0; i < own.size(); ++i) {
      CHECK(back.tensors[i].name == own[i].name);
      CHECK(back.tensors[i].tensor.is_same(own[i].tensor));
    }
  }
}
