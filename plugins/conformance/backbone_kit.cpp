#include <torch/torch.h>

#include <algorithm>
#include <set>

#include "plugins/conformance/candidate.h"
#include "plugins/conformance/kits.h"
#include "plugins/host/libtorch_settings.h"

namespace mtl::conformance {
namespace {

constexpr int64_t side = 64;

std::shared_ptr<Backbone> make_backbone(const PluginItem& item, uint64_t seed = 1) {
  return make<Backbone>(item, nullptr, seed);
}

at::Tensor random_images(int64_t count) {
  torch::manual_seed(2);
  return torch::randn({count, 3, side, side}).contiguous(at::MemoryFormat::ChannelsLast);
}

Features extracted(Backbone& backbone, int64_t count) {
  const torch::NoGradGuard no_grad;
  backbone.eval();
  return backbone.forward(random_images(count));
}

std::string look_at_features(Backbone& backbone) {
  const FeatureShape shape = backbone.shape();
  if (shape.width < 1 || shape.map_channels < 1) return "shape() gives a size below 1";
  for (const int64_t count : {1, 3}) {
    const Features features = extracted(backbone, count);
    if (features.pooled.dim() != 2 || features.pooled.size(0) != count || features.pooled.size(1) != shape.width)
      return "pooled features have size " + sizes_text(features.pooled) + "; [" + std::to_string(count) + ", " +
             std::to_string(shape.width) + "] is expected";
    if (features.map.dim() != 4 || features.map.size(0) != count || features.map.size(1) != shape.map_channels)
      return "the feature map has size " + sizes_text(features.map) + "; [" + std::to_string(count) + ", " +
             std::to_string(shape.map_channels) + ", height, width] is expected";
    if (std::string bad = not_finite("the features", features.pooled); !bad.empty()) return bad;
    if (std::string bad = not_finite("the feature map", features.map); !bad.empty()) return bad;
  }
  return "";
}

std::string look_at_gradients(Backbone& backbone) {
  backbone.train();
  backbone.zero_grad();
  torch::manual_seed(3);
  const Features features = backbone.forward(random_images(4));
  (features.pooled * torch::randn_like(features.pooled)).sum().backward();
  return bad_gradients(backbone);
}

std::string look_at_stages(const Backbone& backbone) {
  const std::vector<std::string> stages = backbone.stages();
  for (const auto& item : backbone.named_parameters()) {
    const auto owners = std::count_if(stages.begin(), stages.end(),
                                      [&](const std::string& prefix) { return item.key().rfind(prefix, 0) == 0; });
    if (owners != 1)
      return "parameter '" + item.key() + "' belongs to " + std::to_string(owners) + " of its stages(), not to one";
  }
  return "";
}

std::string look_at_names(const Backbone& backbone) {
  for (const NameScheme& scheme : backbone.name_schemes()) {
    std::set<std::string> theirs;
    for (const auto& [own, name] : scheme.names) theirs.insert(name);
    const size_t tensors = backbone.named_parameters().size() + backbone.named_buffers().size();
    if (scheme.names.size() != tensors || theirs.size() != tensors)
      return "of its " + std::to_string(tensors) + " tensors, the names of '" + scheme.name + "' name " +
             std::to_string(theirs.size());
  }
  return "";
}

}  // namespace

void check_backbone(const PluginItem& item, Checks& checks) {
  std::shared_ptr<Backbone> backbone;
  const host::LibtorchSettings before = host::LibtorchSettings::now();
  const bool starts = checks.keeps("it can be made and destroyed three times", [&] {
    for (int i = 0; i < 3; ++i) backbone = make_backbone(item);
    return std::string();
  });
  if (!starts) return;
  checks.keeps("it says how pixels are normalized", [&]() -> std::string {
    for (const float deviation : backbone->normalization().deviation)
      if (!(deviation > 0)) return "normalization() gives a deviation that is not above 0";
    return "";
  });
  checks.keeps("features are finite and of the size it states, for one image and several",
               [&] { return look_at_features(*backbone); });
  checks.keeps("gradients reach every parameter", [&] { return look_at_gradients(*backbone); });
  checks.keeps("each parameter belongs to one of its stages", [&] { return look_at_stages(*backbone); });
  checks.keeps("other programs' names name each tensor once", [&] { return look_at_names(*backbone); });
  checks.keeps("the same seed gives the same backbone", [&]() -> std::string {
    const bool same = extracted(*make_backbone(item), 2).pooled.equal(extracted(*make_backbone(item), 2).pooled);
    return same ? "" : "two made with one seed answer differently";
  });
  checks.keeps("its parameters and buffers are all that it needs to answer alike", [&]() -> std::string {
    const auto other = make_backbone(item, 7);
    copy_state(*backbone, *other);
    const bool same = extracted(*backbone, 2).pooled.equal(extracted(*other, 2).pooled);
    return same ? "" : "another one with the same state answers differently";
  });
  checks.keeps("LibTorch's settings are left alone", [&] { return before.changed(); });
}

}  // namespace mtl::conformance
