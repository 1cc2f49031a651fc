#include "framework/train/task_losses.h"

#include <torch/types.h>

#include <numeric>

namespace mtl {

std::vector<TaskLoss> task_losses(const std::vector<GuardedHead>& heads, const std::vector<at::Tensor>& outputs,
                                  const Batch& batch) {
  std::vector<TaskLoss> losses;
  for (size_t k = 0; k < heads.size(); ++k) {
    const at::Tensor& labelled = batch.labelled[k];
    const at::Tensor returned = heads[k].loss(outputs[k], batch.targets[k]);
    const bool is_half = returned.scalar_type() == at::kHalf || returned.scalar_type() == at::kBFloat16;
    const at::Tensor loss = is_half ? returned.to(at::kFloat) : returned;
    // where() and not a product: what a head computes from a missing label may be NaN, and NaN x 0 is NaN.
    const at::Tensor kept = torch::where(labelled, loss, torch::zeros({}, loss.options()));
    const at::Tensor count = labelled.sum();
    losses.push_back({kept, labelled, kept.sum() / count.clamp_min(1), batch.any_labelled[k]});
  }
  return losses;
}

std::vector<double> normalized(std::vector<double> weights, const std::string& how) {
  if (how == "none") return weights;
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  const double target = how == "sum_to_one" ? 1 : static_cast<double>(weights.size());
  for (double& weight : weights) weight *= target / sum;
  return weights;
}

}  // namespace mtl
