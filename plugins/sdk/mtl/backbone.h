#pragma once

#include <torch/nn/module.h>

#include <array>
#include <string>
#include <vector>

#include "mtl/export.h"
#include "mtl/features.h"

namespace mtl {

/// How a backbone wants its pixels: RGB in 0..1, then (pixel - mean) / deviation per channel.
struct Normalization {
  std::array<float, 3> mean;       ///< red, green, blue
  std::array<float, 3> deviation;  ///< the standard deviation, > 0
};

/// A shared feature extractor. Its parameters' names are what a weights file calls them, without any prefix.
/// Random draws (initial weights, drop-out) come from LibTorch's default generator, which the engine seeds.
class MTL_API Backbone : public torch::nn::Module {
 public:
  ~Backbone() override;
  virtual FeatureShape shape() const = 0;           ///< of what forward() gives, for any image size
  virtual Normalization normalization() const = 0;  ///< that its weights were or will be trained with
  /// images [N,3,H,W] float, normalized, channels-last, H and W at least 32.
  virtual Features forward(const at::Tensor& images) = 0;
  /// Sentences for the run's log: what this backbone chose where it had a choice.
  virtual std::vector<std::string> notes() const;
};

}  // namespace mtl
