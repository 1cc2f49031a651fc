#include "framework/train/task_losses.h"

#include <torch/types.h>

#include <cmath>

namespace mtl {

namespace {

/// In float32 at least, whatever autocast made of the outputs.
at::Tensor loss_of(const GuardedHead& head, const at::Tensor& outputs, const at::Tensor& targets) {
  const at::Tensor loss = head.loss(outputs, targets);
  const bool is_half = loss.scalar_type() == at::kHalf || loss.scalar_type() == at::kBFloat16;
  return is_half ? loss.to(at::kFloat) : loss;
}

}  // namespace

std::vector<at::Tensor> outputs_of(MultiTaskModel& model, const Batch& batch, std::optional<uint64_t> draw_seed) {
  return batch.features ? model.forward(*batch.features, draw_seed) : model.forward(batch.images, draw_seed);
}

std::vector<TaskLoss> task_losses(const std::vector<GuardedHead>& heads, const std::vector<at::Tensor>& outputs,
                                  const Batch& batch) {
  std::vector<TaskLoss> losses;
  for (size_t k = 0; k < heads.size(); ++k) {
    const bool is_mixed = batch.own_share < 1;
    const at::Tensor labelled = is_mixed ? batch.labelled[k] & batch.labelled[k].flip(0) : batch.labelled[k];
    at::Tensor loss = loss_of(heads[k], outputs[k], batch.targets[k]);
    if (is_mixed)
      loss = loss * batch.own_share + loss_of(heads[k], outputs[k], batch.targets[k].flip(0)) * (1 - batch.own_share);
    // where() and not a product: what a head computes from a missing label may be NaN, and NaN x 0 is NaN.
    const at::Tensor kept = torch::where(labelled, loss, torch::zeros({}, loss.options()));
    const at::Tensor count = labelled.sum();
    losses.push_back({kept, labelled, kept.sum() / count.clamp_min(1),
                      is_mixed ? labelled.any().item<bool>() : static_cast<bool>(batch.any_labelled[k])});
  }
  return losses;
}

std::vector<double> normalized(std::vector<double> weights, const std::string& how) {
  if (how == "none") return weights;
  double sum = 0;
  for (const double weight : weights) sum += std::abs(weight);
  const double target = how == "sum_to_one" ? 1 : static_cast<double>(weights.size());
  for (double& weight : weights) weight *= target / sum;
  return weights;
}

}  // namespace mtl
