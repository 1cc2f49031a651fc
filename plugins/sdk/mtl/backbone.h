#pragma once

#include <torch/nn/module.h>

#include <array>
#include <map>
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

/// The names that other programs' files give a backbone's tensors, and the place of the classifier behind it.
struct NameScheme {
  std::string name;                          ///< "torchvision", "timm": small letters, digits and '_'
  std::map<std::string, std::string> names;  ///< own name -> theirs, of every parameter and buffer
  std::string classifier;                    ///< "classifier.1": theirs has .weight [K,F] and .bias [K]
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
  /// What the names of its parts begin with, from the image to the features: a stage is frozen, or learns slower, with
  /// all before it. Each parameter belongs to one. By default its children that have
  /// parameters, in their order.
  virtual std::vector<std::string> stages() const;
  /// In the order in which they are tried where a weights file has other names; none by default.
  virtual std::vector<NameScheme> name_schemes() const;
};

}  // namespace mtl
