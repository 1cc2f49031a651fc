#pragma once

#include <torch/nn/module.h>

#include <string>
#include <vector>

#include "mtl/augmentation.h"
#include "mtl/export.h"
#include "mtl/features.h"
#include "mtl/figures.h"

namespace mtl {

/// One task: a head on the shared features, its labels, its loss and its figures. The engine knows a task by this
/// interface alone. Label cells come from the manifest as text; an empty cell is "not labelled" and never comes here.
class MTL_API TaskHead : public torch::nn::Module {
 public:
  ~TaskHead() override;

  /// The manifest column to read where the configuration names none.
  virtual std::string default_column() const = 0;
  /// One cell -> its target, a tensor of the same shape and type for every cell. Throws mtl::Error for an unknown
  /// label.
  virtual at::Tensor encode(const std::string& cell) const = 0;
  /// A target -> the text of the truth, comparable with Prediction::label.
  virtual std::string decode(const at::Tensor& target) const = 0;
  /// At least two cells that encode() takes, for checks of the head; the names of classes() where it has any.
  virtual std::vector<std::string> sample_cells() const;
  /// Whether a label is still true of a picture that was changed so; one that is not survived is refused before
  /// training.
  virtual bool survives(Augmentation augmentation) const = 0;

  /// Called once before training with the targets [M,...] of the labelled training samples.
  virtual void prepare(const at::Tensor& targets);

  /// Whether forward() reads Features::map. Where not, an engine that keeps features leaves it out; true by default.
  virtual bool needs_map() const;
  virtual at::Tensor forward(const Features& features) = 0;  ///< -> outputs [N,...] float
  /// outputs [N,...], targets [N,...] -> the loss of each sample, [N] float. The engine masks and averages.
  virtual at::Tensor loss(const at::Tensor& outputs, const at::Tensor& targets) const = 0;
  /// outputs [N,...] -> N predictions.
  virtual std::vector<Prediction> predict(const at::Tensor& outputs) const = 0;
  /// outputs [N,...] -> [N,K] float, the probability of each of classes(), every row with the sum 1; the most probable
  /// one is the label of predict(). Gradients of the outputs pass through. No tensor (the default) where the head
  /// states none: thresholds, calibration and the most probable classes are then not to be had.
  virtual at::Tensor probabilities(const at::Tensor& outputs) const;
  /// Over a whole split: outputs [M,...] and targets [M,...] of its labelled samples, on the CPU. At least one figure;
  /// the first is the one that selects the best model where this is the main task.
  virtual std::vector<Figure> figures(const at::Tensor& outputs, const at::Tensor& targets) const = 0;
  /// What a head that classifies tells apart; no names by default.
  virtual ClassList classes() const;
};

}  // namespace mtl
