#pragma once

#include <torch/torch.h>

#include <memory>
#include <utility>
#include <vector>

#include "framework/model/multi_task_model.h"

/// A network so small that its explanations can be worked out by hand.
namespace mtl::test {

/// map [N,2,H/16,W/16]: red and green, averaged over 16 x 16 pixels.
struct AveragingBackbone : Backbone {
  enum class Pooled { of_map, of_images, without_gradient };

  explicit AveragingBackbone(Pooled from) : pooled(from) { scale = register_parameter("scale", torch::ones({})); }
  FeatureShape shape() const override { return {2, 2}; }
  Normalization normalization() const override { return {{0, 0, 0}, {1, 1, 1}}; }
  Features forward(const at::Tensor& images) override {
    const at::Tensor red_green = scale * images.narrow(1, 0, 2), map = torch::avg_pool2d(red_green, 16);
    if (pooled == Pooled::of_images) return {map, red_green.mean(at::IntArrayRef{2, 3})};
    return {map, (pooled == Pooled::of_map ? map : map.detach()).mean(at::IntArrayRef{2, 3})};
  }

  Pooled pooled;
  at::Tensor scale;
};

/// Two classes with the logits (weights . pooled, 0), so that the log-odds of "first" are weights . pooled, and those
/// of "second" their negative. Without classes its output is the first logit alone.
struct TwoClassHead : TaskHead {
  explicit TwoClassHead(std::vector<double> given, bool classifies = true)
      : weights(torch::tensor(given, at::kDouble)), has_classes(classifies) {}

  std::string default_column() const override { return "label"; }
  at::Tensor encode(const std::string&) const override { return torch::zeros({}); }
  std::string decode(const at::Tensor&) const override { return "first"; }
  bool survives(Augmentation) const override { return true; }
  at::Tensor forward(const Features& features) override {
    const at::Tensor first = (features.pooled * weights.to(features.pooled.scalar_type())).sum(1);
    return has_classes ? torch::stack({first, torch::zeros_like(first)}, 1) : first;
  }
  at::Tensor loss(const at::Tensor& outputs, const at::Tensor&) const override { return outputs.flatten(1).sum(1); }
  std::vector<Prediction> predict(const at::Tensor& outputs) const override {
    std::vector<Prediction> predictions;
    for (int64_t i = 0; i < outputs.size(0); ++i) {
      const double first = has_classes ? probabilities(outputs)[i][0].item<double>() : 1;
      predictions.push_back(first >= 0.5 ? Prediction{"first", first} : Prediction{"second", 1 - first});
    }
    return predictions;
  }
  at::Tensor probabilities(const at::Tensor& outputs) const override {
    return has_classes ? torch::softmax(outputs.to(at::kDouble), 1) : at::Tensor();
  }
  std::vector<Figure> figures(const at::Tensor&, const at::Tensor&) const override {
    return {{"accuracy", 1, true, true}};
  }
  ClassList classes() const override {
    return has_classes ? ClassList{{"first", "second"}, {false, false}} : ClassList{};
  }

  at::Tensor weights;
  bool has_classes;
};

using Pooled = AveragingBackbone::Pooled;

inline MultiTaskModel known_model(std::vector<double> weights, Pooled pooled = Pooled::of_map, bool classifies = true) {
  MultiTaskModel model(std::make_shared<AveragingBackbone>(pooled),
                       {GuardedHead("A", std::make_shared<TwoClassHead>(std::move(weights), classifies), "/x.so")});
  model.train(false);
  return model;
}

/// 32 x 32 pixels whose quarters are of one colour each: red 1 2 / 3 4, green 4 0 / 0 4, no blue. -> [1,3,32,32]
inline at::Tensor quarters() {
  const at::Tensor cells =
      torch::tensor({1., 2., 3., 4., 4., 0., 0., 4., 0., 0., 0., 0.}, at::kFloat).view({1, 3, 2, 2});
  return cells.repeat_interleave(16, 2).repeat_interleave(16, 3);
}

}  // namespace mtl::test
