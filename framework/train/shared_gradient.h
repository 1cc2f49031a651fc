#pragma once

#include <c10/core/Device.h>

#include <optional>
#include <string>
#include <vector>

#include "framework/model/multi_task_model.h"
#include "framework/train/feature_cut.h"
#include "framework/train/gradient_buffers.h"
#include "framework/train/task_gradients.h"
#include "framework/train/task_losses.h"
#include "mtl/loss_weighting.h"

namespace mtl {

/// How the tasks are weighted.
struct WeightingPart {
  LossWeighting& weighting;
  std::string library;                 ///< its file, for sentences
  std::string normalize = "none";      ///< of the weights (normalized())
  std::string over = "backbone";       ///< what the Gramian is of: backbone | last_stage | features
  std::vector<double> static_weights;  ///< [T] of the configuration
};

/// Where in a training a batch is, and how its losses were scaled before they went backward.
struct BatchPlace {
  int64_t step = 0, epoch = 0;  ///< steps made so far; epochs from 0
  double loss_scale = 1;        ///< float16's
  double share = 1;             ///< of the batch, or its part, in the optimizer step
};

/// Makes the shared part's gradient of an optimizer step as the loss weighting wants it; the heads have theirs already,
/// each of its own loss times its static weight. Over the features or the last stage the weighting is asked for each
/// batch, over the backbone, and for gradients, once for the step.
class SharedGradient {
 public:
  /// Throws mtl::Error where the weighting asks for gradients and `over` is not the backbone.
  SharedGradient(MultiTaskModel& model, WeightingPart part);

  /// The static weights as `normalize` wants them: what the heads' losses are multiplied with.
  const std::vector<double>& head_weights() const { return head_weights_; }
  void begin_step();
  /// After the heads' backward pass of (sum of head weight x mean loss) x loss scale x share through `cut`.
  void add(const FeatureCut& cut, const std::vector<TaskLoss>& losses, const BatchPlace& place,
           GradientMeter* measured);
  /// After the step's last batch; where the weighting saw the step's Gramian, `measured` is given it.
  void finish_step(const BatchPlace& place, GradientMeter& measured);
  /// The weights of this step, one or as many as it has batches.
  const std::vector<std::vector<double>>& weights() const { return weights_; }

  bool looks_back() const { return needs_.losses_after; }
  /// After a step was made: the losses of its last batch now.
  void look_back(const std::vector<TaskLoss>& losses);

  int64_t unsolved() const { return part_.weighting.unsolved(); }
  std::vector<NamedTensor> state() const;
  void load_state(const std::vector<NamedTensor>& state);

 private:
  bool is_of_steps() const { return buffers_.has_value(); }
  void add_to_buffers(const FeatureCut& cut, const std::vector<TaskLoss>& losses, const BatchPlace& place);
  WeightingStep step_of(const std::vector<TaskLoss>& losses, const BatchPlace& place) const;
  std::vector<double> gramian(const FeatureCut& cut, const std::vector<TaskLoss>& losses,
                              const BatchPlace& place) const;
  std::vector<double> ask(const WeightingStep& step);
  double factor_of(size_t task, const BatchPlace& place) const;
  std::vector<at::Tensor> shared_parameters() const;

  MultiTaskModel& model_;
  WeightingPart part_;
  std::string who_;
  WeightingNeeds needs_;
  std::vector<double> head_weights_;
  std::vector<at::Tensor> last_stage_;
  std::optional<GradientBuffers> buffers_;  // where the Gramian is a step's, over the backbone
  std::vector<std::vector<double>> weights_;
  // Of the step so far, over its batches:
  std::vector<at::Tensor> loss_sums_;
  std::vector<int64_t> loss_counts_;
  WeightingStep last_;  // what the weighting was asked last
};

}  // namespace mtl
