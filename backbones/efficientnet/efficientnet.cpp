#include "backbones/efficientnet/efficientnet.h"

#include <torch/csrc/jit/frontend/tracer.h>

#include <algorithm>
#include <numeric>

#include "backbones/efficientnet/timm_names.h"
#include "backbones/efficientnet/torch_versions.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace efficientnet {
namespace {

/// A module that only gives its children a place in the names: features.3.0 and so on.
class Branch : public torch::nn::Module {};

/// The instruction set that the options ask for; "" where plain LibTorch is as fast.
std::string chosen_instruction_set(const mtl::Options& options) {
  const std::string& kind = options.string("kernels");
  const std::string& wanted = options.string("instruction_set");
  if (kind == "fused" && options.string("padding") == "same")
    throw mtl::Error("kernels = \"fused\" pad symmetrically; leave it out with padding = \"same\"");
  if (kind == "reference" || options.string("padding") == "same") return "";
  const std::vector<std::string> sets = kernels::instruction_sets();
  if (wanted == "auto") return kind == "auto" && sets.front() == "portable" ? "" : sets.front();
  if (std::find(sets.begin(), sets.end(), wanted) == sets.end())
    throw mtl::Error("instruction_set = \"" + wanted + "\", and this processor has it not; it can run " +
                     mtl::join(sets, ", "));
  return wanted;
}

}  // namespace

std::vector<mtl::OptionSpec> EfficientNet::options(const Variant& variant) {
  return {
      mtl::OptionSpec::number("dropout", variant.dropout, "share of the pooled features set to zero in training")
          .between(0, 0.99),
      mtl::OptionSpec::number("stochastic_depth", 0.2,
                              "probability of leaving out the last block in training; rises linearly from the first")
          .between(0, 0.99),
      mtl::OptionSpec::string(
          "padding", "symmetric",
          "of convolutions at stride 2; same: as TensorFlow, for timm's tf_efficientnet weights, in "
          "plain LibTorch alone")
          .one_of({"symmetric", "same"}),
      mtl::OptionSpec::number("batch_norm_epsilon", variant.batch_norm_epsilon,
                              "added to the variance; timm's tf_efficientnet weights want 0.001")
          .between(1e-8, 0.1),
      mtl::OptionSpec::string("kernels", "auto",
                              "auto: fused on a CPU with AVX2, else reference; fused: one pass per layer, on the CPU "
                              "alone; reference: plain LibTorch")
          .one_of({"auto", "fused", "reference"}),
      mtl::OptionSpec::string("precision", "auto",
                              "of the values that fused kernels keep for the backward pass; they compute in float32. "
                              "bfloat16 takes half the memory; auto: as train.precision")
          .one_of({"auto", "float32", "bfloat16"}),
      mtl::OptionSpec::string("instruction_set", "auto",
                              "of the fused kernels; auto: the fastest that the processor has; portable: any "
                              "processor, slow")
          .one_of({"auto", "amx", "avx512_bf16", "avx512", "avx2", "portable"}),
  };
}

EfficientNet::EfficientNet(const std::string& name, const mtl::Options& options)
    : precision_(options.string("precision")),
      only_fused_(options.string("kernels") == "fused" || precision_ == "bfloat16") {
  const Variant& variant = variant_named(name);
  const LayerSettings settings{options.number("batch_norm_epsilon"), variant.batch_norm_momentum,
                               options.string("padding") == "same"};
  const std::vector<Stage> stages = stages_of(variant);
  const int64_t total_blocks = std::accumulate(stages.begin(), stages.end(), int64_t{0},
                                               [](int64_t sum, const Stage& stage) { return sum + stage.repeats; });
  const double last_drop = options.number("stochastic_depth");

  const auto features = register_module("features", std::make_shared<Branch>());
  stem_ = features->register_module(
      "0", std::make_shared<ConvNormActivation>(ConvolutionShape{3, stages.front().in_channels, 3, 2}, settings, true));
  for (size_t s = 0; s < stages.size(); ++s) {
    const Stage& stage = stages[s];
    const auto branch = features->register_module(std::to_string(s + 1), std::make_shared<Branch>());
    for (int64_t b = 0; b < stage.repeats; ++b) {
      const bool first = b == 0;
      const BlockShape shape{first ? stage.in_channels : stage.out_channels, stage.out_channels, stage.expansion,
                             stage.kernel, first ? stage.stride : 1};
      const double drop = last_drop * static_cast<double>(blocks_.size()) / static_cast<double>(total_blocks);
      blocks_.push_back(branch->register_module(std::to_string(b), std::make_shared<MBConv>(shape, settings, drop)));
    }
  }
  width_ = 4 * stages.back().out_channels;
  last_ = features->register_module(
      std::to_string(stages.size() + 1),
      std::make_shared<ConvNormActivation>(ConvolutionShape{stages.back().out_channels, width_}, settings, true));
  dropout_ = register_module("dropout", torch::nn::Dropout(options.number("dropout")));

  const std::string set = chosen_instruction_set(options);
  if (set.empty() && precision_ == "bfloat16")
    throw mtl::Error(
        "precision = \"bfloat16\" is of the fused kernels, and there are none here; leave it out and set "
        "train.precision");
  if (!set.empty()) {
    kernels_ = kernels::kernels_for(set);
    for (const auto& block : blocks_)
      fused_blocks_.push_back(block->fused(*kernels_, fused_blocks_.empty() ? stem_.get() : nullptr));
    inference_ = std::make_unique<inference::Inference>(*kernels_, fused_blocks_, last_->parts());
  }
}

mtl::Normalization EfficientNet::normalization() const {
  return {{0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}};  // of ImageNet, as torchvision's weights expect
}

std::vector<std::string> EfficientNet::notes() const {
  return {kernels_ ? "fused kernels for " + kernels_->name + " where it computes on the CPU" : "kernels of LibTorch"};
}

std::vector<std::string> EfficientNet::stages() const {
  std::vector<std::string> prefixes;
  const auto branch = named_children()["features"];
  for (const auto& part : branch->named_children()) prefixes.push_back("features." + part.key() + ".");
  return prefixes;
}

std::vector<mtl::NameScheme> EfficientNet::name_schemes() const {
  mtl::NameScheme torchvision{"torchvision", {}, "classifier.1"}, timm{"timm", {}, "classifier"};
  const auto add = [&](const std::string& own) {
    torchvision.names[own] = own;
    timm.names[own] = timm_name(own);
  };
  for (const auto& item : named_parameters()) add(item.key());
  for (const auto& item : named_buffers()) add(item.key());
  return {torchvision, timm};
}

bool EfficientNet::is_fused(const at::Tensor& images) const {
  if (!kernels_ || torch::jit::tracer::isTracing()) return false;  // a tracer sees LibTorch's operations alone
  if (images.requires_grad()) return false;  // the kernels know no gradient of the pixels, which explanations need
  const bool possible = images.device().is_cpu() && images.scalar_type() == torch::kFloat32;
  if (!possible && only_fused_)
    throw mtl::Error(
        "kernels = \"fused\" and precision = \"bfloat16\" take float32 images on the CPU; \"auto\" takes the reference "
        "for everything else");
  return possible;
}

at::ScalarType EfficientNet::storage() const {
  const bool narrow = precision_ == "bfloat16" || (precision_ == "auto" && torch_versions::autocast_enabled(at::kCPU));
  return narrow ? at::kBFloat16 : at::kFloat;
}

mtl::Features EfficientNet::forward(const at::Tensor& images) {
  return is_fused(images) ? forward_fused(images) : forward_reference(images);
}

mtl::Features EfficientNet::forward_reference(const at::Tensor& images) {
  at::Tensor x = stem_->forward(images);
  for (const auto& block : blocks_) x = block->forward(x);
  x = last_->forward(x);
  return {x, dropout_->forward(x.mean({2, 3}))};
}

mtl::Features EfficientNet::forward_fused(const at::Tensor& images) {
  const at::ScalarType kept = storage();
  const c10::impl::ExcludeDispatchKeyGuard no_autocast(c10::autocast_dispatch_keyset);
  if (inference_->is_possible()) {
    const fused::LastFeatures last = inference_->forward(images, kept);
    return {last.map, dropout_->forward(last.pooled)};
  }
  at::Tensor x = images;
  for (size_t b = 0; b < blocks_.size(); ++b)
    x = fused::forward(fused_blocks_[b], x, blocks_[b]->draw_depth(images.size(0), images.device()), kept);
  const fused::LastFeatures last = fused::forward_last(*kernels_, last_->parts(), x);
  return {last.map, dropout_->forward(last.pooled)};
}

}  // namespace efficientnet
