// The smallest honest backbone: two convolutions and a mean. It trains in seconds and learns little.
#include <torch/nn/functional/activation.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>

#include "mtl/plugin.h"

namespace {

using namespace mtl;

class TinyBackbone : public Backbone {
 public:
  explicit TinyBackbone(const Options& options)
      : width_(options.integer("width")),
        first_(register_module("first", convolution(3, width_))),
        second_(register_module("second", convolution(width_, width_))),
        dropout_(register_module("dropout", torch::nn::Dropout(options.number("dropout")))) {}

  static std::vector<OptionSpec> options() {
    return {
        OptionSpec::integer("width", 16, "channels of both convolutions").between(1, 1024),
        OptionSpec::number("dropout", 0.0, "share of the pooled features set to zero in training").between(0, 0.99)};
  }

  FeatureShape shape() const override { return {width_, width_}; }
  Normalization normalization() const override { return {{0.5F, 0.5F, 0.5F}, {0.25F, 0.25F, 0.25F}}; }

  /// images [N,3,H,W] -> map [N,width,ceil(H/16),ceil(W/16)].
  Features forward(const at::Tensor& images) override {
    const at::Tensor map = torch::relu(second_->forward(torch::relu(first_->forward(images))));
    return {map, dropout_->forward(map.mean({2, 3}))};
  }

 private:
  static torch::nn::Conv2d convolution(int64_t in, int64_t out) {
    return torch::nn::Conv2d(torch::nn::Conv2dOptions(in, out, 5).stride(4).padding(2));
  }

  int64_t width_;
  torch::nn::Conv2d first_;
  torch::nn::Conv2d second_;
  torch::nn::Dropout dropout_;
};

}  // namespace

MTL_PLUGIN(.name = "tiny_backbone", .version = "0.1.0", .licence = "MIT", .summary = "two convolutions and a mean",
           .offers = "backbone:tiny_backbone") {
  return {backbone<TinyBackbone>("tiny_backbone", "two convolutions and a mean", TinyBackbone::options())};
}
