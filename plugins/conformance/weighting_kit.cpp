#include <torch/types.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>

#include "plugins/conformance/candidate.h"
#include "plugins/conformance/kits.h"
#include "plugins/host/libtorch_settings.h"

namespace mtl::conformance {
namespace {

WeightingContext context_of(size_t tasks) {
  WeightingContext context;
  for (size_t k = 0; k < tasks; ++k) {
    context.tasks.push_back(std::string(1, static_cast<char>('A' + k)));
    context.static_weights.push_back(k == 0 ? 1.0 : 0.3);
  }
  context.seed = 1;
  return context;
}

/// The steps of a training that could be: falling losses, labels missing here and there, gradients that turn.
class Training {
 public:
  explicit Training(size_t tasks) : tasks_(tasks) {}

  WeightingStep step(int64_t number) const {
    WeightingStep step;
    step.step = number;
    step.epoch = number / 4;
    const std::vector<at::Tensor> gradients = this->gradients(number);
    for (size_t k = 0; k < tasks_; ++k) {
      const bool labelled = gradients[k].defined();
      step.labelled.push_back(labelled);
      step.losses.push_back(labelled ? 2.0 / static_cast<double>(number + 1) + 0.1 * static_cast<double>(k + 1) : 0.0);
    }
    for (const at::Tensor& a : gradients)
      for (const at::Tensor& b : gradients)
        step.gramian.push_back(a.defined() && b.defined() ? a.dot(b).item<double>() : 0.0);
    return step;
  }

  std::vector<at::Tensor> gradients(int64_t number) const {
    std::vector<at::Tensor> all;
    for (size_t k = 0; k < tasks_; ++k) {
      const bool labelled = k == 0 || number % 3 != 0;
      const double angle = 0.3 * static_cast<double>(number) + 1.1 * static_cast<double>(k);
      all.push_back(
          labelled ? torch::tensor({std::cos(angle), std::sin(angle), 0.5 + 0.1 * static_cast<double>(k)}, at::kDouble)
                   : at::Tensor());
    }
    return all;
  }

 private:
  size_t tasks_;
};

void require_sound(const std::vector<double>& weights, size_t tasks, const WeightingNeeds& needs) {
  if (weights.size() != tasks)
    throw Error("weights() gives " + std::to_string(weights.size()) + " weights for " + std::to_string(tasks) +
                " tasks");
  for (const double weight : weights)
    if (!std::isfinite(weight) || (weight < 0 && !needs.gramian))
      throw Error("weights() gives " + std::to_string(weight));
  if (std::all_of(weights.begin(), weights.end(), [](double weight) { return weight == 0; }))
    throw Error("weights() gives nothing but zeros");
}

/// All numbers that come out of steps `from` to `to`. Throws mtl::Error for those that no engine can use.
std::vector<double> walk(LossWeighting& weighting, size_t tasks, int64_t from, int64_t to) {
  const WeightingNeeds needs = weighting.needs();
  const Training training(tasks);
  std::vector<double> numbers;
  for (int64_t number = from; number < to; ++number) {
    const WeightingStep step = training.step(number);
    const std::vector<double> weights = weighting.weights(step);
    require_sound(weights, tasks, needs);
    numbers.insert(numbers.end(), weights.begin(), weights.end());
    if (needs.gradients) {
      const at::Tensor combined = weighting.combine(step, training.gradients(number));
      if (!combined.defined() || combined.dim() != 1 || combined.numel() != 3)
        throw Error("combine() gives " + sizes_text(combined) + " for gradients of [3]");
      if (const std::string problem = not_finite("combine() gives values that are", combined); !problem.empty())
        throw Error(problem);
      for (int64_t i = 0; i < 3; ++i) numbers.push_back(combined[i].item<double>());
    }
    if (needs.losses_after) weighting.look_back(step, training.step(number + 1).losses);
  }
  return numbers;
}

std::shared_ptr<LossWeighting> fresh(const PluginItem& item, size_t tasks) {
  const WeightingContext context = context_of(tasks);
  return make<LossWeighting>(item, &context, 1);
}

std::map<std::string, at::Tensor> copy_of(const std::map<std::string, at::Tensor>& state) {
  std::map<std::string, at::Tensor> copy;
  for (const auto& [name, tensor] : state) copy[name] = tensor.clone();
  return copy;
}

std::string goes_on(const PluginItem& item) {
  const auto undisturbed = fresh(item, 3), first = fresh(item, 3), second = fresh(item, 3);
  walk(*undisturbed, 3, 0, 7);
  walk(*first, 3, 0, 7);
  second->load_state(copy_of(first->state()));
  return walk(*second, 3, 7, 12) == walk(*undisturbed, 3, 7, 12) ? "" : "it goes on with other numbers";
}

std::string refuses_state(const PluginItem& item) {
  std::map<std::string, at::Tensor> state = copy_of(fresh(item, 3)->state());
  state["no_such_part"] = torch::zeros({1});
  try {
    fresh(item, 3)->load_state(state);
  } catch (const Error&) {
    return "";
  }
  return "it takes a part that it does not know";
}

std::string ignores_bad_numbers(const PluginItem& item) {
  const auto undisturbed = fresh(item, 3), disturbed = fresh(item, 3);
  walk(*undisturbed, 3, 0, 5);
  walk(*disturbed, 3, 0, 5);
  WeightingStep bad = Training(3).step(5);
  for (double& loss : bad.losses) loss = std::numeric_limits<double>::quiet_NaN();
  for (double& product : bad.gramian) product = std::numeric_limits<double>::quiet_NaN();
  require_sound(disturbed->weights(bad), 3, disturbed->needs());
  return walk(*disturbed, 3, 5, 10) == walk(*undisturbed, 3, 5, 10) ? "" : "it has learned from such a step";
}

}  // namespace

void check_weighting(const PluginItem& item, Checks& checks) {
  const host::LibtorchSettings before = host::LibtorchSettings::now();
  const bool starts = checks.keeps("it can be made and destroyed three times", [&] {
    for (int i = 0; i < 3; ++i) fresh(item, 3);
    return std::string();
  });
  if (!starts) return;
  for (const size_t tasks : {size_t{1}, size_t{3}})
    checks.keeps("what it gives " + std::to_string(tasks) + (tasks == 1 ? " task" : " tasks") +
                     " is finite and not all 0, over steps with and without labels; below 0 only with a Gramian",
                 [&] {
                   walk(*fresh(item, tasks), tasks, 0, 12);
                   return std::string();
                 });
  checks.keeps("the same steps give the same weights", [&]() -> std::string {
    return walk(*fresh(item, 3), 3, 0, 12) == walk(*fresh(item, 3), 3, 0, 12) ? "" : "a second one gives others";
  });
  checks.keeps("saved and loaded in the middle it goes on bit for bit", [&] { return goes_on(item); });
  checks.keeps("a state that is not its own is refused with mtl::Error", [&] { return refuses_state(item); });
  checks.keeps("it learns nothing from a step whose numbers are not finite", [&] { return ignores_bad_numbers(item); });
  checks.keeps("LibTorch's settings are left alone", [&] { return before.changed(); });
}

}  // namespace mtl::conformance
