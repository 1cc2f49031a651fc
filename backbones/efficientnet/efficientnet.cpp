#include "backbones/efficientnet/efficientnet.h"

#include <numeric>

namespace efficientnet {
namespace {

/// A module that only gives its children a place in the names: features.3.0 and so on.
class Branch : public torch::nn::Module {};

}  // namespace

std::vector<mtl::OptionSpec> EfficientNet::options(const Variant& variant) {
  return {
      mtl::OptionSpec::number("dropout", variant.dropout, "share of the pooled features set to zero in training")
          .between(0, 0.99),
      mtl::OptionSpec::number("stochastic_depth", 0.2,
                              "probability of leaving out the last block in training; rises linearly from the first")
          .between(0, 0.99),
  };
}

EfficientNet::EfficientNet(const std::string& name, const mtl::Options& options) {
  const Variant& variant = variant_named(name);
  const BatchNormSettings norm{variant.batch_norm_epsilon, variant.batch_norm_momentum};
  const std::vector<Stage> stages = stages_of(variant);
  const int64_t total_blocks = std::accumulate(stages.begin(), stages.end(), int64_t{0},
                                               [](int64_t sum, const Stage& stage) { return sum + stage.repeats; });
  const double last_drop = options.number("stochastic_depth");

  const auto features = register_module("features", std::make_shared<Branch>());
  stem_ = features->register_module(
      "0", std::make_shared<ConvNormActivation>(ConvolutionShape{3, stages.front().in_channels, 3, 2}, norm, true));
  for (size_t s = 0; s < stages.size(); ++s) {
    const Stage& stage = stages[s];
    const auto branch = features->register_module(std::to_string(s + 1), std::make_shared<Branch>());
    for (int64_t b = 0; b < stage.repeats; ++b) {
      const bool first = b == 0;
      const BlockShape shape{first ? stage.in_channels : stage.out_channels, stage.out_channels, stage.expansion,
                             stage.kernel, first ? stage.stride : 1};
      const double drop = last_drop * static_cast<double>(blocks_.size()) / static_cast<double>(total_blocks);
      blocks_.push_back(branch->register_module(std::to_string(b), std::make_shared<MBConv>(shape, norm, drop)));
    }
  }
  width_ = 4 * stages.back().out_channels;
  last_ = features->register_module(
      std::to_string(stages.size() + 1),
      std::make_shared<ConvNormActivation>(ConvolutionShape{stages.back().out_channels, width_}, norm, true));
  dropout_ = register_module("dropout", torch::nn::Dropout(options.number("dropout")));
}

mtl::Normalization EfficientNet::normalization() const {
  return {{0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}};  // of ImageNet, as torchvision's weights expect
}

mtl::Features EfficientNet::forward(const at::Tensor& images) {
  at::Tensor x = stem_->forward(images);
  for (const auto& block : blocks_) x = block->forward(x);
  x = last_->forward(x);
  return {x, dropout_->forward(x.mean({2, 3}))};
}

}  // namespace efficientnet
