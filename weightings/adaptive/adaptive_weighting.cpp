#include "weightings/adaptive/adaptive_weighting.h"

#include <torch/types.h>

#include <algorithm>
#include <cmath>

#include "mtl/error.h"

namespace mtl::weightings {
namespace {

bool all_finite(const std::vector<double>& values) {
  return std::all_of(values.begin(), values.end(), [](double value) { return std::isfinite(value); });
}

bool is_usable(const std::vector<double>& weights) {
  return all_finite(weights) && std::any_of(weights.begin(), weights.end(), [](double weight) { return weight != 0; });
}

}  // namespace

AdaptiveWeighting::AdaptiveWeighting(const WeightingContext& context)
    : context_(context), last_(context.static_weights) {}

std::vector<double> AdaptiveWeighting::weights(const WeightingStep& step) {
  if (!all_finite(step.losses) || !all_finite(step.gramian)) return last_;
  const bool any = std::any_of(step.labelled.begin(), step.labelled.end(), [](bool labelled) { return labelled; });
  if (!any) return last_;
  const std::optional<std::vector<double>> solved = solve(step);
  if (solved && is_usable(*solved))
    last_ = *solved;
  else
    ++unsolved_[0];
  return last_;
}

AdaptiveWeighting::Learned AdaptiveWeighting::all_learned() {
  Learned all = learned();
  all.emplace_back("last_weights", &last_);
  all.emplace_back("unsolved", &unsolved_);
  return all;
}

std::map<std::string, at::Tensor> AdaptiveWeighting::state() const {
  std::map<std::string, at::Tensor> state;
  for (const auto& [name, values] : const_cast<AdaptiveWeighting*>(this)->all_learned())
    state[name] = torch::tensor(*values, at::kDouble);
  return state;
}

void AdaptiveWeighting::load_state(const std::map<std::string, at::Tensor>& state) {
  const Learned all = all_learned();
  if (state.size() != all.size())
    throw Error("the state has " + std::to_string(state.size()) + " parts and not " + std::to_string(all.size()));
  for (const auto& [name, values] : all) {
    const auto found = state.find(name);
    if (found == state.end()) throw Error("the state has no '" + name + "'");
    const at::Tensor& tensor = found->second;
    if (tensor.dim() != 1 || tensor.scalar_type() != at::kDouble ||
        tensor.numel() != static_cast<int64_t>(values->size()))
      throw Error("'" + name + "' of the state is not " + std::to_string(values->size()) + " numbers");
  }
  for (const auto& [name, values] : all) {
    const at::Tensor plain = state.at(name).to(at::kCPU).contiguous();
    std::copy_n(plain.data_ptr<double>(), values->size(), values->begin());
  }
}

std::optional<std::vector<size_t>> positive_losses(const WeightingStep& step) {
  std::vector<size_t> tasks;
  for (size_t k = 0; k < step.losses.size(); ++k) {
    if (!step.labelled[k]) continue;
    if (step.losses[k] <= 0) return {};
    tasks.push_back(k);
  }
  return tasks;
}

}  // namespace mtl::weightings
