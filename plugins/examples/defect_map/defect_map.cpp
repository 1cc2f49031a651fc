// A head that reads the feature map: where the defect is, learnt from pictures of which only "defect" or "normal" is
// known.
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <ATen/ops/logsumexp.h>
#include <torch/nn/modules/conv.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "mtl/plugin.h"

namespace {

using namespace mtl;

class DefectMap : public TaskHead {
 public:
  DefectMap(const Options& options, const FeatureShape& features)
      : normal_(options.strings("normal")),
        sharpness_(options.number("sharpness")),
        score_(register_module("score", torch::nn::Conv2d(torch::nn::Conv2dOptions(features.map_channels, 1, 1)))) {}

  std::string default_column() const override { return "defect"; }
  std::vector<std::string> sample_cells() const override {
    return {normal_.empty() ? "clean" : normal_.front(), "a defect"};
  }

  /// 1 where the cell is none of the normal classes -> float [].
  at::Tensor encode(const std::string& cell) const override {
    return torch::tensor(std::find(normal_.begin(), normal_.end(), cell) == normal_.end() ? 1.F : 0.F);
  }
  std::string decode(const at::Tensor& target) const override { return target.item<double>() > 0.5 ? defect : fine; }
  bool survives(Augmentation augmentation) const override {
    return augmentation != Augmentation::crop && augmentation != Augmentation::cutout;
  }

  /// map [N,C,h,w] -> the heat map's logits [N,h,w].
  at::Tensor forward(const Features& features) override { return score_->forward(features.map).squeeze(1); }

  /// Cross-entropy of the picture's logit, a soft maximum over the cells -> [N] (multiple-instance learning with
  /// log-mean-exp pooling; Pinheiro and Collobert, CVPR 2015).
  at::Tensor loss(const at::Tensor& logits, const at::Tensor& targets) const override {
    const at::Tensor pooled = pooled_of(logits);
    return at::binary_cross_entropy_with_logits(pooled, targets.to(pooled.scalar_type()), {}, {}, at::Reduction::None);
  }

  /// "defect" or "normal", with its probability.
  std::vector<Prediction> predict(const at::Tensor& logits) const override {
    const at::Tensor probabilities = pooled_of(logits).sigmoid().to(at::kDouble).cpu();
    std::vector<Prediction> predictions;
    for (int64_t i = 0; i < probabilities.size(0); ++i) {
      const double probability = probabilities[i].item<double>();
      predictions.push_back(probability > 0.5 ? Prediction{defect, probability} : Prediction{fine, 1 - probability});
    }
    return predictions;
  }

  /// The share of pictures that are told right; and how much of the map is hot (above one half) on pictures of defects:
  /// a map that knows the place is hot on a small part.
  std::vector<Figure> figures(const at::Tensor& logits, const at::Tensor& targets) const override {
    const at::Tensor truth = targets > 0.5;
    const double right = ((pooled_of(logits) > 0) == truth).to(at::kDouble).mean().item<double>();
    const double hot = (logits > 0).to(at::kDouble).mean({1, 2}).index({truth}).mean().item<double>();
    return {{"accuracy", right, true, true}, {"hot_share", hot, false, true}};
  }

  static std::vector<OptionSpec> options() {
    return {OptionSpec::strings("normal", std::vector<std::string>{"clean", "tool_marks", "oil_film", "dust"},
                                "the column's classes that are no defect"),
            OptionSpec::number("sharpness", 4.0, "0: the picture's logit is the mean over the map; large: its maximum")
                .between(0.01, 100)};
  }

 private:
  static constexpr const char* defect = "defect";
  static constexpr const char* fine = "normal";

  at::Tensor pooled_of(const at::Tensor& logits) const {
    const at::Tensor cells = logits.flatten(1);
    return (at::logsumexp(cells * sharpness_, 1) - std::log(static_cast<double>(cells.size(1)))) / sharpness_;
  }

  std::vector<std::string> normal_;
  double sharpness_;
  torch::nn::Conv2d score_;
};

}  // namespace

MTL_PLUGIN(.name = "defect_map", .version = "0.1.0", .licence = "MIT", .summary = "a coarse map of where the defect is",
           .offers = "head:defect_map") {
  return {head<DefectMap>("defect_map", "a coarse map of where the defect is", DefectMap::options())};
}
