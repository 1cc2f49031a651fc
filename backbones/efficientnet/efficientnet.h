#pragma once

#include <torch/nn/modules/dropout.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "backbones/efficientnet/inference/inference.h"
#include "backbones/efficientnet/layers.h"
#include "backbones/efficientnet/mbconv.h"
#include "backbones/efficientnet/variants.h"
#include "mtl/backbone.h"
#include "mtl/options.h"

namespace efficientnet {

/// EfficientNet (Tan and Le, ICML 2019) without its classifier, under torchvision's names: features.0 the stem,
/// features.1 .. features.7 the stages, features.8 the last 1x1 convolution.
class EfficientNet : public mtl::Backbone {
 public:
  EfficientNet(const std::string& name, const mtl::Options& options);
  static std::vector<mtl::OptionSpec> options(const Variant& variant);

  mtl::FeatureShape shape() const override { return {width_, width_}; }
  mtl::Normalization normalization() const override;
  /// images [N,3,H,W] -> map [N,F,ceil(H/32),ceil(W/32)], pooled [N,F].
  mtl::Features forward(const at::Tensor& images) override;
  std::vector<std::string> notes() const override;
  /// features.0. to features.8.
  std::vector<std::string> stages() const override;
  /// torchvision, whose names are its own, and timm.
  std::vector<mtl::NameScheme> name_schemes() const override;

 private:
  /// The fused kernels take float32 images on the CPU; everything else goes the way of plain LibTorch.
  bool is_fused(const at::Tensor& images) const;
  /// Of the activations that the fused kernels keep.
  at::ScalarType storage() const;
  mtl::Features forward_reference(const at::Tensor& images);
  mtl::Features forward_fused(const at::Tensor& images);

  int64_t width_ = 0;
  std::shared_ptr<ConvNormActivation> stem_;
  std::vector<std::shared_ptr<MBConv>> blocks_;
  std::shared_ptr<ConvNormActivation> last_;
  torch::nn::Dropout dropout_{nullptr};
  std::string precision_;
  bool only_fused_;                          // asked for by kernels or precision
  std::optional<kernels::Kernels> kernels_;  // none: kernels = "reference", or nothing to gain
  std::vector<fused::Block> fused_blocks_;
  std::unique_ptr<inference::Inference> inference_;  // null without kernels
};

}  // namespace efficientnet
