// A feature extractor of one's own: convolutions that halve the picture, and a mean.
#include <torch/nn/modules/activation.h>
#include <torch/nn/modules/batchnorm.h>
#include <torch/nn/modules/container/sequential.h>
#include <torch/nn/modules/conv.h>
#include <torch/nn/modules/dropout.h>

#include "mtl/plugin.h"

namespace {

using namespace mtl;

class MyBackbone : public Backbone {
 public:
  explicit MyBackbone(const Options& options)
      : width_(options.integer("width")),
        layers_(register_module("layers", torch::nn::Sequential())),
        dropout_(register_module("dropout", torch::nn::Dropout(options.number("dropout")))) {
    int64_t in = 3;
    for (int64_t layer = 0; layer < options.integer("layers"); ++layer, in = width_) {
      layers_->push_back(torch::nn::Conv2d(torch::nn::Conv2dOptions(in, width_, 3).stride(2).padding(1).bias(false)));
      layers_->push_back(torch::nn::BatchNorm2d(width_));
      layers_->push_back(torch::nn::SiLU());
    }
  }

  FeatureShape shape() const override { return {width_, width_}; }
  Normalization normalization() const override { return {{0.485F, 0.456F, 0.406F}, {0.229F, 0.224F, 0.225F}}; }

  /// images [N,3,H,W] -> map [N,width,H / 2^layers,W / 2^layers], rounded up.
  Features forward(const at::Tensor& images) override {
    const at::Tensor map = layers_->forward(images);
    return {map, dropout_->forward(map.mean({2, 3}))};
  }

  static std::vector<OptionSpec> options() {
    return {
        OptionSpec::integer("width", 32, "channels of every layer").between(1, 4096),
        OptionSpec::integer("layers", 4, "convolutions, each of which halves the picture").between(1, 5),
        OptionSpec::number("dropout", 0.0, "share of the pooled features set to zero in training").between(0, 0.99)};
  }

 private:
  int64_t width_;
  torch::nn::Sequential layers_;
  torch::nn::Dropout dropout_;
};

}  // namespace

MTL_PLUGIN(.name = "my_backbone", .version = "0.1.0", .licence = "MIT",
           .summary = "convolutions that halve the picture, and a mean", .offers = "backbone:my_backbone") {
  return {
      backbone<MyBackbone>("my_backbone", "convolutions that halve the picture, and a mean", MyBackbone::options())};
}
