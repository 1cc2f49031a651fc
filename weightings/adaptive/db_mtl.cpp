#include <torch/types.h>
#include <torch/utils.h>

#include <algorithm>
#include <cmath>

#include "mtl/error.h"
#include "weightings/adaptive/gradient_methods.h"

namespace mtl::weightings {
namespace {

constexpr double epsilon = 1e-8;  // added to a loss before its logarithm

std::string name_of(size_t task) { return "average." + std::to_string(task); }

/// 1 / norm times the largest, 0 where there is no gradient.
std::vector<double> to_longest(const std::vector<double>& norms) {
  const double longest = *std::max_element(norms.begin(), norms.end());
  std::vector<double> factors;
  for (const double norm : norms) factors.push_back(norm > 0 ? longest / norm : 0);
  return factors;
}

}  // namespace

DbMtl::DbMtl(const Options& options, const WeightingContext& context)
    : AdaptiveWeighting(context), beta_(options.number("beta")), averages_(tasks()) {}

std::vector<OptionSpec> DbMtl::options() {
  return {OptionSpec::number("beta", 0.9, "of the moving average of the gradients; 0: none").between(0, 0.9999)};
}

std::optional<std::vector<double>> DbMtl::solve(const WeightingStep& step) {
  std::vector<double> norms(tasks(), 0.0);
  for (size_t k = 0; k < tasks(); ++k) {
    if (!step.labelled[k]) continue;
    if (step.losses[k] < 0) return {};
    norms[k] = std::sqrt(step.gramian[k * tasks() + k]) / (step.losses[k] + epsilon);
  }
  std::vector<double> weights = to_longest(norms);
  for (size_t k = 0; k < tasks(); ++k)
    weights[k] *= step.labelled[k] ? preferences()[k] / (step.losses[k] + epsilon) : 0;
  return weights;
}

at::Tensor DbMtl::combine(const WeightingStep& step, const std::vector<at::Tensor>& gradients) {
  const torch::NoGradGuard no_grad;
  std::vector<double> norms(tasks(), 0.0);
  at::Tensor combined;
  for (size_t k = 0; k < tasks(); ++k) {
    if (!step.labelled[k] || !gradients[k].defined()) continue;
    if (!averages_[k].defined()) averages_[k] = torch::zeros_like(gradients[k]);
    averages_[k].mul_(beta_).add_(gradients[k], (1 - beta_) / (std::max(step.losses[k], 0.0) + epsilon));
    norms[k] = averages_[k].norm(2, at::kDouble).item<double>();
    if (!combined.defined()) combined = torch::zeros_like(gradients[k]);
  }
  const std::vector<double> factors = to_longest(norms);
  for (size_t k = 0; k < tasks(); ++k)
    if (norms[k] > 0) combined.add_(averages_[k], preferences()[k] * factors[k]);
  return combined;
}

std::map<std::string, at::Tensor> DbMtl::state() const {
  std::map<std::string, at::Tensor> state = AdaptiveWeighting::state();
  for (size_t k = 0; k < tasks(); ++k)
    if (averages_[k].defined()) state[name_of(k)] = averages_[k];
  return state;
}

void DbMtl::load_state(const std::map<std::string, at::Tensor>& state) {
  std::map<std::string, at::Tensor> rest = state;
  std::vector<at::Tensor> averages(tasks());
  for (size_t k = 0; k < tasks(); ++k)
    if (auto found = rest.extract(name_of(k))) {
      if (found.mapped().dim() != 1 || !found.mapped().is_floating_point())
        throw Error("'" + name_of(k) + "' of the state is no row of numbers");
      averages[k] = found.mapped().clone();
    }
  AdaptiveWeighting::load_state(rest);
  averages_ = std::move(averages);
}

}  // namespace mtl::weightings
