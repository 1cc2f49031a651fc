#include "framework/model/multi_task_model.h"

#include <torch/utils.h>

#include <algorithm>
#include <utility>

#include "framework/support/random.h"
#include "mtl/error.h"
#include "plugins/host/plugin_call.h"

namespace mtl {
namespace {

template <class Dict>
void append(std::vector<NamedTensor>& to, const std::string& prefix, const Dict& from) {
  for (const auto& item : from) to.push_back({prefix + item.key(), item.value()});
}

void move(torch::nn::Module& module, const at::Device& device) {
  module.to(device);
  for (at::Tensor& parameter : module.parameters())
    if (parameter.dim() == 4) parameter.set_data(parameter.data().contiguous(at::MemoryFormat::ChannelsLast));
}

}  // namespace

MultiTaskModel::MultiTaskModel(std::shared_ptr<Backbone> backbone, std::vector<GuardedHead> heads,
                               const std::string& library)
    : who_("the backbone" + (library.empty() ? "" : " (" + library + ")")),
      backbone_(std::move(backbone)),
      heads_(std::move(heads)) {}

std::vector<at::Tensor> MultiTaskModel::forward(const at::Tensor& images, std::optional<uint64_t> draw_seed) {
  if (draw_seed) torch::manual_seed(*draw_seed);
  return forward(features(images), draw_seed);
}

std::vector<at::Tensor> MultiTaskModel::forward(const Features& shared, std::optional<uint64_t> draw_seed) {
  return forward(std::vector<Features>(heads_.size(), shared), draw_seed);
}

std::vector<at::Tensor> MultiTaskModel::forward(const std::vector<Features>& features,
                                                std::optional<uint64_t> draw_seed) {
  std::vector<at::Tensor> outputs;
  for (size_t k = 0; k < heads_.size(); ++k) {
    if (draw_seed) torch::manual_seed(derive_seed(*draw_seed, heads_[k].task()));
    outputs.push_back(heads_[k].forward(features[k]));
  }
  return outputs;
}

Features MultiTaskModel::features(const at::Tensor& images) {
  const std::vector<at::Tensor> parameters = backbone_->parameters();
  const bool learns = std::any_of(parameters.begin(), parameters.end(),
                                  [](const at::Tensor& parameter) { return parameter.requires_grad(); });
  const at::AutoGradMode gradients(at::GradMode::is_enabled() && learns);
  Features features = host::call_plugin(who_ + ": its forward()", [&] { return backbone_->forward(images); });
  const FeatureShape shape = backbone_->shape();
  const int64_t count = images.size(0);
  const bool has_map = features.map.defined() && features.map.dim() == 4 && features.map.size(0) == count &&
                       features.map.size(1) == shape.map_channels;
  const bool has_pooled = features.pooled.defined() && features.pooled.sizes() == at::IntArrayRef{count, shape.width};
  if (has_map && has_pooled) return features;
  throw Error(who_ + ": its forward() gives no map [" + std::to_string(count) + ", " +
              std::to_string(shape.map_channels) + ", h, w] with a pooled [" + std::to_string(count) + ", " +
              std::to_string(shape.width) + "], as its shape() says");
}

void MultiTaskModel::train(bool on) {
  backbone_->train(on);
  for (const GuardedHead& head : heads_) head.head().train(on);
}

void MultiTaskModel::to(const at::Device& device) {
  move(*backbone_, device);
  for (const GuardedHead& head : heads_) move(head.head(), device);
}

std::vector<NamedTensor> MultiTaskModel::parameters() const {
  std::vector<NamedTensor> all;
  append(all, "", backbone_->named_parameters());
  for (const GuardedHead& head : heads_) append(all, "heads." + head.task() + ".", head.head().named_parameters());
  return all;
}

std::vector<NamedTensor> MultiTaskModel::state() const {
  std::vector<NamedTensor> all = parameters();
  append(all, "", backbone_->named_buffers());
  for (const GuardedHead& head : heads_) append(all, "heads." + head.task() + ".", head.head().named_buffers());
  return all;
}

}  // namespace mtl
