#pragma once

#include <torch/nn/modules/dropout.h>
#include <torch/nn/modules/linear.h>

#include <string>
#include <vector>

#include "mtl/options.h"
#include "mtl/task_head.h"

namespace mtl {

/// A fully connected softmax classifier on the pooled features: [N,F] -> (hidden, SiLU) -> drop-out -> logits [N,K].
/// A head that classifies derives from it, names its classes and its column, and is done; one whose labels are derived
/// from something else overrides encode().
class MTL_API SoftmaxHead : public TaskHead {
 public:
  /// A head's own options and those that every such head has: hidden, dropout, label_smoothing, class_weights,
  /// effective_number_beta and survives. `survives` is the default of the last: the augmentations that change no label
  /// of the task.
  static std::vector<OptionSpec> with_common_options(std::vector<OptionSpec> own,
                                                     const std::vector<Augmentation>& survives);

  /// Options `classes` and, where `normal_classes` is not empty, `normal`, with these defaults.
  static std::vector<OptionSpec> class_options(std::vector<std::string> classes,
                                               std::vector<std::string> normal_classes = {});
  /// What the user made of class_options(): throws mtl::Error for fewer than two classes, a class that is named twice
  /// or a normal class that is none of the classes.
  static ClassList classes_from(const Options& options);

  /// `options` holds with_common_options().
  SoftmaxHead(const Options& options, ClassList classes, const FeatureShape& features);
  ~SoftmaxHead() override;

  at::Tensor encode(const std::string& cell) const override;  ///< class name -> its index, int64 []
  std::string decode(const at::Tensor& target) const override;
  bool survives(Augmentation augmentation) const override;

  /// Sets the class weights from the training labels [M], with mean 1 over them, so that they do not change the
  /// learning rate. inverse_frequency: w_k ~ 1/n_k; effective_number: w_k ~ (1-beta)/(1-beta^n_k) (Cui et al., CVPR
  /// 2019).
  void prepare(const at::Tensor& targets) override;

  bool needs_map() const override { return false; }
  at::Tensor forward(const Features& features) override;  ///< -> logits [N,K]
  /// Cross-entropy with label smoothing e towards the uniform distribution, times the true class's weight -> [N].
  at::Tensor loss(const at::Tensor& logits, const at::Tensor& targets) const override;
  std::vector<Prediction> predict(const at::Tensor& logits) const override;
  at::Tensor probabilities(const at::Tensor& logits) const override;  ///< -> softmax, [N,K] float64
  std::vector<Figure> figures(const at::Tensor& logits, const at::Tensor& targets) const override;
  ClassList classes() const override { return classes_; }

 private:
  ClassList classes_;
  double label_smoothing_;
  std::string class_weighting_;
  double effective_number_beta_;
  AugmentationSet survives_ = 0;
  at::Tensor class_weights_;  // [K], a buffer: evaluation of a loaded model gives the same loss
  torch::nn::Linear hidden_{nullptr};
  torch::nn::Dropout dropout_{nullptr};
  torch::nn::Linear classifier_{nullptr};
};

/// A label cell that is none of the classes, as one sentence with the nearest class.
MTL_API std::string unknown_label(const std::string& cell, const std::vector<std::string>& classes);

}  // namespace mtl
