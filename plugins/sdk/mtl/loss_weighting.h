#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "mtl/export.h"

namespace mtl {

/// What a weighting learns at the start of a run. T tasks, in the order of the configuration.
struct WeightingContext {
  std::vector<std::string> tasks;      ///< T names
  std::vector<double> static_weights;  ///< T weights from the configuration, each > 0: the user's preferences
  size_t main_task = 0;                ///< index of the main one
  uint64_t seed = 0;                   ///< of the run: random draws are a function of it and of the step
};

/// What a weighting reads. Each costs: losses wait for the device; gradients take a backward pass per task through the
/// shared part; losses after the step take another forward pass.
struct WeightingNeeds {
  bool losses = false;        ///< WeightingStep::losses
  bool gramian = false;       ///< WeightingStep::gramian
  bool gradients = false;     ///< combine() instead of weights() makes the shared part's gradient; with `gramian`
  bool losses_after = false;  ///< look_back() is called; with `losses`
};

/// An optimizer step before it is made. What was not asked for is empty.
struct WeightingStep {
  std::vector<double> losses;   ///< T mean losses over the task's labelled samples; 0 where none is labelled
  std::vector<bool> labelled;   ///< T: the task has a labelled sample in this step
  std::vector<double> gramian;  ///< T x T, row by row: inner products of the gradients of the tasks' plain mean losses
                                ///< on the shared parameters; 0 in rows and columns of tasks that are not labelled
  int64_t step = 0;   ///< optimizer steps made so far
  int64_t epoch = 0;  ///< from 0
};

/// Says how much each task counts in the gradient of the shared part: sum over tasks of weight x gradient of its mean
/// loss. It never meets the heads' own parameters: each head learns from its own loss times its static weight.
class MTL_API LossWeighting {
 public:
  virtual ~LossWeighting();
  virtual WeightingNeeds needs() const { return {}; }
  /// -> T finite weights, one of them not 0; those of tasks that are not labelled are not looked at. Below 0 only where
  /// the Gramian was asked for. The engine scales them as `normalize` says. Where a loss or an entry of the Gramian is
  /// no finite number the step will be left out: what was learned must stay as it is.
  virtual std::vector<double> weights(const WeightingStep& step) = 0;

  /// Where `gradients` are asked for: their combination [P], from T gradients [P] on the device, undefined where a task
  /// is not labelled. They may be written to. weights() is called before, for the log.
  virtual at::Tensor combine(const WeightingStep& step, const std::vector<at::Tensor>& gradients);
  /// Where `losses_after` are asked for: `before` is what weights() was given, `losses` are those of the same samples
  /// after the step was made.
  virtual void look_back(const WeightingStep& before, const std::vector<double>& losses);

  /// All that it has learned, for checkpoints; the tensors may be its own.
  virtual std::map<std::string, at::Tensor> state() const { return {}; }
  /// Goes on bit for bit from another's state(). Throws mtl::Error where that is of another method or number of tasks.
  virtual void load_state(const std::map<std::string, at::Tensor>& state);
  /// Steps so far whose problem was not solved, so that the weights of the step before were used.
  virtual int64_t unsolved() const { return 0; }
};

}  // namespace mtl
