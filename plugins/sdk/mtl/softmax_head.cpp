#include "mtl/softmax_head.h"

#include <torch/nn/functional/activation.h>
#include <torch/nn/init.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "mtl/classification.h"
#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

bool contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

AugmentationSet set_of(const std::vector<std::string>& names) {
  AugmentationSet set = 0;
  for (const std::string& name : names) set |= bit(augmentation_named(name));
  return set;
}

/// Uniform +-1/sqrt(in_features), zero bias. torchvision's EfficientNet takes out_features, which for its thousand
/// classes comes to the same; for two classes it makes logits so large that training begins by unlearning them.
torch::nn::Linear make_linear(int64_t in, int64_t out) {
  torch::nn::Linear linear(in, out);
  const double range = 1 / std::sqrt(static_cast<double>(in));
  torch::nn::init::uniform_(linear->weight, -range, range);
  torch::nn::init::zeros_(linear->bias);
  return linear;
}

}  // namespace

std::vector<OptionSpec> SoftmaxHead::with_common_options(std::vector<OptionSpec> own,
                                                         const std::vector<Augmentation>& survives) {
  std::vector<std::string> names;
  for (Augmentation augmentation : survives) names.push_back(name_of(augmentation));
  own.push_back(OptionSpec::integer("hidden", 0, "width of a hidden layer with SiLU before the logits; 0: none")
                    .between(0, 65536));
  own.push_back(
      OptionSpec::number("dropout", 0.0, "share of the classifier's inputs set to zero in training").between(0, 0.99));
  own.push_back(OptionSpec::number("label_smoothing", 0.0, "share of the target spread evenly over all classes")
                    .between(0, 0.99));
  own.push_back(
      OptionSpec::string("class_weights", "none", "how rare classes count more in the loss; the mean weight stays 1")
          .one_of({"none", "inverse_frequency", "effective_number"}));
  own.push_back(OptionSpec::number("effective_number_beta", 0.999, "beta of class_weights = \"effective_number\"")
                    .between(0, 0.999999));
  own.push_back(OptionSpec::strings("survives", names, "augmentations that change no label of this task")
                    .one_of(augmentation_names()));
  return own;
}

std::vector<OptionSpec> SoftmaxHead::class_options(std::vector<std::string> classes,
                                                   std::vector<std::string> normal_classes) {
  std::vector<OptionSpec> options{
      OptionSpec::strings("classes", std::move(classes), "the labels, in the order of the logits")};
  if (!normal_classes.empty())
    options.push_back(
        OptionSpec::strings("normal", std::move(normal_classes), "which of the classes are no defect; may be empty"));
  return options;
}

ClassList SoftmaxHead::classes_from(const Options& options) {
  ClassList list{options.strings("classes"), {}};
  if (list.names.size() < 2)
    throw Error("option 'classes' names " + std::to_string(list.names.size()) + " class(es); a classifier needs two");
  for (size_t i = 0; i < list.names.size(); ++i) {
    if (list.names[i].empty()) throw Error("option 'classes' holds an empty name; an empty cell means not labelled");
    if (std::count(list.names.begin(), list.names.end(), list.names[i]) > 1)
      throw Error("option 'classes' names " + in_quotes(list.names[i]) + " twice; name each class once");
  }
  std::vector<std::string> normal;
  if (options.values().count("normal")) normal = options.strings("normal");
  for (const std::string& name : normal)
    if (!contains(list.names, name))
      throw Error("option 'normal' names " + in_quotes(name) + ", which is none of the classes" +
                  did_you_mean(name, list.names) + "; there are " + quoted_list(list.names));
  for (const std::string& name : list.names) list.normal.push_back(contains(normal, name));
  return list;
}

SoftmaxHead::SoftmaxHead(const Options& options, ClassList classes, const FeatureShape& features)
    : classes_(std::move(classes)),
      label_smoothing_(options.number("label_smoothing")),
      class_weighting_(options.string("class_weights")),
      effective_number_beta_(options.number("effective_number_beta")),
      survives_(set_of(options.strings("survives"))) {
  const auto count = static_cast<int64_t>(classes_.names.size());
  const int64_t hidden = options.integer("hidden");
  if (hidden > 0) hidden_ = register_module("hidden", make_linear(features.width, hidden));
  dropout_ = register_module("dropout", torch::nn::Dropout(options.number("dropout")));
  classifier_ = register_module("classifier", make_linear(hidden > 0 ? hidden : features.width, count));
  class_weights_ = register_buffer("class_weights", torch::ones({count}));
}

SoftmaxHead::~SoftmaxHead() = default;

at::Tensor SoftmaxHead::encode(const std::string& cell) const {
  const auto found = std::find(classes_.names.begin(), classes_.names.end(), cell);
  if (found == classes_.names.end()) throw Error(unknown_label(cell, classes_.names));
  return torch::tensor(static_cast<int64_t>(found - classes_.names.begin()), torch::kInt64);
}

std::string SoftmaxHead::decode(const at::Tensor& target) const {
  return classes_.names.at(static_cast<size_t>(target.item<int64_t>()));
}

bool SoftmaxHead::survives(Augmentation augmentation) const { return (survives_ & bit(augmentation)) != 0; }

void SoftmaxHead::prepare(const at::Tensor& targets) {
  if (class_weighting_ == "none" || targets.numel() == 0) return;
  const at::Tensor counts = torch::bincount(targets.cpu(), {}, class_weights_.size(0)).to(torch::kFloat64);
  const at::Tensor raw = class_weighting_ == "inverse_frequency"
                             ? 1 / counts
                             : (1 - effective_number_beta_) / (1 - torch::pow(effective_number_beta_, counts));
  const at::Tensor present = torch::where(counts > 0, raw, torch::zeros_like(raw));
  const at::Tensor mean = (present * counts).sum() / counts.sum();
  torch::NoGradGuard no_grad;
  class_weights_.copy_(present / mean);
}

at::Tensor SoftmaxHead::forward(const Features& features) {
  at::Tensor x = features.pooled;
  if (hidden_) x = torch::silu(hidden_->forward(x));
  return classifier_->forward(dropout_->forward(x));
}

at::Tensor SoftmaxHead::loss(const at::Tensor& logits, const at::Tensor& targets) const {
  // Under autocast the logits are half precision, which a sum of exponentials does not bear.
  const at::Tensor scores = logits.scalar_type() == torch::kFloat64 ? logits : logits.to(torch::kFloat32);
  const at::Tensor log_probabilities = torch::log_softmax(scores, 1);
  const at::Tensor of_truth = log_probabilities.gather(1, targets.unsqueeze(1)).squeeze(1);
  const at::Tensor smoothed = (1 - label_smoothing_) * of_truth + label_smoothing_ * log_probabilities.mean(1);
  return -smoothed * class_weights_.index_select(0, targets);
}

std::vector<Prediction> SoftmaxHead::predict(const at::Tensor& logits) const {
  const auto [largest, indexes] = probabilities(logits.to(torch::kCPU)).max(1);
  std::vector<Prediction> predictions;
  for (int64_t i = 0; i < logits.size(0); ++i)
    predictions.push_back({classes_.names[static_cast<size_t>(indexes[i].item<int64_t>())], largest[i].item<double>()});
  return predictions;
}

at::Tensor SoftmaxHead::probabilities(const at::Tensor& logits) const {
  return torch::softmax(logits.to(torch::kFloat64), 1);
}

std::vector<Figure> SoftmaxHead::figures(const at::Tensor& logits, const at::Tensor& targets) const {
  ConfusionMatrix matrix(classes_.names.size());
  const at::Tensor predicted = logits.argmax(1);
  for (int64_t i = 0; i < targets.size(0); ++i) matrix.add(targets[i].item<int64_t>(), predicted[i].item<int64_t>());
  return classification_figures(matrix, classes_.normal);
}

std::string unknown_label(const std::string& cell, const std::vector<std::string>& classes) {
  return "label " + in_quotes(cell) + " is not in the class list" + did_you_mean(cell, classes) + "; the classes are " +
         quoted_list(classes);
}

}  // namespace mtl
