// A head for grades that have an order: taking "good" for "poor" is worse than taking it for "fair".
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <algorithm>
#include <limits>

#include "mtl/error.h"
#include "mtl/plugin.h"
#include "mtl/softmax_head.h"

namespace {

using namespace mtl;

/// K grades as K-1 questions "is it above grade k?", which share one direction in the features and have a threshold
/// each (Cao, Mirjalili and Raschka, Pattern Recognition Letters 2020).
class OrdinalGrade : public TaskHead {
 public:
  OrdinalGrade(const Options& options, const FeatureShape& features)
      : grades_(options.strings("grades")),
        direction_(
            register_module("direction", torch::nn::Linear(torch::nn::LinearOptions(features.width, 1).bias(false)))),
        thresholds_(register_parameter("thresholds", evenly_spread(static_cast<int64_t>(grades_.size()) - 1))) {}

  std::string default_column() const override { return "grade"; }
  std::vector<std::string> sample_cells() const override { return grades_; }

  at::Tensor encode(const std::string& cell) const override {
    const auto found = std::find(grades_.begin(), grades_.end(), cell);
    if (found == grades_.end()) throw Error(unknown_label(cell, grades_));
    return torch::tensor(static_cast<int64_t>(found - grades_.begin()));
  }
  std::string decode(const at::Tensor& target) const override { return grade(target.item<int64_t>()); }
  bool survives(Augmentation augmentation) const override {
    return augmentation != Augmentation::crop && augmentation != Augmentation::cutout;
  }

  bool needs_map() const override { return false; }
  at::Tensor forward(const Features& features) override {  ///< -> logits [N,K-1]
    return direction_->forward(features.pooled) + thresholds_;
  }

  /// The sum of the questions' cross-entropies -> [N].
  at::Tensor loss(const at::Tensor& logits, const at::Tensor& targets) const override {
    const at::Tensor questions = torch::arange(logits.size(1), targets.options());
    const at::Tensor answers = (targets.unsqueeze(1) > questions).to(logits.scalar_type());
    return at::binary_cross_entropy_with_logits(logits, answers, {}, {}, at::Reduction::None).sum(1);
  }

  std::vector<Prediction> predict(const at::Tensor& logits) const override {
    const at::Tensor chosen = grade_of(logits);
    std::vector<Prediction> predictions;
    for (int64_t i = 0; i < logits.size(0); ++i)
      predictions.push_back({grade(chosen[i].item<int64_t>()), std::numeric_limits<double>::quiet_NaN()});
    return predictions;
  }

  /// How many grades a picture is off in the mean, and the share of pictures with the right one.
  std::vector<Figure> figures(const at::Tensor& logits, const at::Tensor& targets) const override {
    const at::Tensor off = (grade_of(logits) - targets).abs().to(at::kDouble);
    return {{"mean_absolute_error", off.mean().item<double>(), false, false},
            {"accuracy", (off == 0).to(at::kDouble).mean().item<double>(), true, true}};
  }

  static std::vector<OptionSpec> options() {
    return {OptionSpec::strings("grades", std::nullopt, "from the lowest to the highest, at least two")};
  }

 private:
  /// From above 0 to below it: a higher question starts as the less likely one.
  static at::Tensor evenly_spread(int64_t questions) {
    if (questions < 1) throw Error("grades names fewer than two; name them from the lowest to the highest");
    return torch::linspace(1, -1, questions + 2).slice(0, 1, questions + 1).clone();
  }

  static at::Tensor grade_of(const at::Tensor& logits) { return (logits > 0).sum(1); }
  const std::string& grade(int64_t index) const { return grades_.at(static_cast<size_t>(index)); }

  std::vector<std::string> grades_;
  torch::nn::Linear direction_;
  at::Tensor thresholds_;
};

}  // namespace

MTL_PLUGIN(.name = "ordinal_grade", .version = "0.1.0", .licence = "MIT", .summary = "grades that have an order",
           .offers = "head:ordinal_grade") {
  return {head<OrdinalGrade>("ordinal_grade", "grades that have an order", OrdinalGrade::options())};
}
