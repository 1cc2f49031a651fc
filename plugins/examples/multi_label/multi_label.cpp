// A head for pictures that show several things at once: each label is there or not.
#include <ATen/ops/binary_cross_entropy_with_logits.h>
#include <torch/nn/modules/linear.h>
#include <torch/utils.h>

#include <algorithm>
#include <limits>
#include <sstream>

#include "mtl/error.h"
#include "mtl/plugin.h"
#include "mtl/softmax_head.h"
#include "mtl/text.h"

namespace {

using namespace mtl;

constexpr char separator = '|';
constexpr const char* nothing = "none";

class MultiLabel : public TaskHead {
 public:
  MultiLabel(const Options& options, const FeatureShape& features)
      : labels_(options.strings("labels")),
        threshold_(options.number("threshold")),
        linear_(register_module("linear", torch::nn::Linear(features.width, static_cast<int64_t>(labels_.size())))) {
    if (labels_.empty()) throw Error("labels = [] names none; name at least one");
  }

  std::string default_column() const override { return "labels"; }
  std::vector<std::string> sample_cells() const override {
    return {nothing, labels_.front(), labels_.front() + separator + labels_.back()};
  }

  /// "scratch|rust" -> float [K] of zeros and ones; "none" -> zeros.
  at::Tensor encode(const std::string& cell) const override {
    const at::Tensor target = torch::zeros({static_cast<int64_t>(labels_.size())});
    if (cell == nothing) return target;
    std::istringstream parts(cell);
    for (std::string label; std::getline(parts, label, separator);) {
      const auto found = std::find(labels_.begin(), labels_.end(), label);
      if (found == labels_.end()) throw Error(unknown_label(label, labels_));
      target[found - labels_.begin()] = 1;
    }
    return target;
  }
  std::string decode(const at::Tensor& target) const override { return text_of(target > 0.5); }
  bool survives(Augmentation augmentation) const override { return augmentation != Augmentation::cutout; }

  bool needs_map() const override { return false; }
  at::Tensor forward(const Features& features) override { return linear_->forward(features.pooled); }

  /// The mean over the labels of the cross-entropy of "is there" -> [N].
  at::Tensor loss(const at::Tensor& logits, const at::Tensor& targets) const override {
    return at::binary_cross_entropy_with_logits(logits, targets.to(logits.scalar_type()), {}, {}, at::Reduction::None)
        .mean(1);
  }

  /// The labels that are there; the probability that exactly these are, were they independent.
  std::vector<Prediction> predict(const at::Tensor& logits) const override {
    const at::Tensor probabilities = logits.sigmoid().to(at::kDouble).cpu();
    const at::Tensor present = probabilities > threshold_;
    const at::Tensor joint = torch::where(present, probabilities, 1 - probabilities).prod(1);
    std::vector<Prediction> predictions;
    for (int64_t i = 0; i < logits.size(0); ++i) predictions.push_back({text_of(present[i]), joint[i].item<double>()});
    return predictions;
  }

  /// The share of pictures with exactly the right labels, and F1 over all labels of all pictures (micro F1).
  std::vector<Figure> figures(const at::Tensor& logits, const at::Tensor& targets) const override {
    const at::Tensor present = logits.sigmoid() > threshold_;
    const at::Tensor truth = targets > 0.5;
    const double right = (present == truth).all(1).to(at::kDouble).mean().item<double>();
    const double hits = (present & truth).sum().item<double>();
    const double named = present.sum().item<double>() + truth.sum().item<double>();
    return {{"exact_match", right, true, true},
            {"micro_f1", named > 0 ? 2 * hits / named : std::numeric_limits<double>::quiet_NaN(), true, true}};
  }

  static std::vector<OptionSpec> options() {
    return {
        OptionSpec::strings("labels", std::nullopt, "all that a picture may show"),
        OptionSpec::number("threshold", 0.5, "a label with a larger probability is taken to be there").between(0, 1)};
  }

 private:
  std::string text_of(const at::Tensor& present) const {
    std::vector<std::string> names;
    for (size_t k = 0; k < labels_.size(); ++k)
      if (present[static_cast<int64_t>(k)].item<bool>()) names.push_back(labels_[k]);
    return names.empty() ? nothing : join(names, std::string(1, separator));
  }

  std::vector<std::string> labels_;
  double threshold_;
  torch::nn::Linear linear_;
};

}  // namespace

MTL_PLUGIN(.name = "multi_label", .version = "0.1.0", .licence = "MIT", .summary = "several labels on one picture",
           .offers = "head:multi_label") {
  return {head<MultiLabel>("multi_label", "several labels on one picture", MultiLabel::options())};
}
