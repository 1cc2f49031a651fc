#include <algorithm>
#include <cmath>

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
  return context;
}

StepLosses losses_of(size_t tasks, int64_t step) {
  StepLosses losses;
  for (size_t k = 0; k < tasks; ++k) {
    const bool labelled = k == 0 || step % 3 != 0;
    losses.labelled.push_back(labelled);
    losses.losses.push_back(labelled ? 2.0 / static_cast<double>(step + 1) + 0.1 * static_cast<double>(k) : 0.0);
  }
  losses.step = step;
  losses.epoch = step / 4;
  return losses;
}

std::vector<double> weights_of(const PluginItem& item, size_t tasks) {
  const WeightingContext context = context_of(tasks);
  const auto weighting = make<LossWeighting>(item, &context, 1);
  std::vector<double> last;
  for (int64_t step = 0; step < 12; ++step) {
    last = weighting->weights(losses_of(tasks, step));
    if (last.size() != tasks)
      throw Error("weights() gives " + std::to_string(last.size()) + " weights for " + std::to_string(tasks) +
                  " tasks");
    for (const double weight : last)
      if (!std::isfinite(weight) || weight < 0) throw Error("weights() gives " + std::to_string(weight));
    if (std::all_of(last.begin(), last.end(), [](double weight) { return weight == 0; }))
      throw Error("weights() gives nothing but zeros");
  }
  return last;
}

}  // namespace

void check_weighting(const PluginItem& item, Checks& checks) {
  const host::LibtorchSettings before = host::LibtorchSettings::now();
  const WeightingContext context = context_of(3);
  const bool starts = checks.keeps("it can be made and destroyed three times", [&] {
    for (int i = 0; i < 3; ++i) make<LossWeighting>(item, &context, 1);
    return std::string();
  });
  if (!starts) return;
  for (const size_t tasks : {size_t{1}, size_t{3}})
    checks.keeps("weights of " + std::to_string(tasks) + (tasks == 1 ? " task" : " tasks") +
                     " are finite and not below 0, one above 0, over steps with and without labels",
                 [&] {
                   weights_of(item, tasks);
                   return std::string();
                 });
  checks.keeps("the same steps give the same weights", [&]() -> std::string {
    return weights_of(item, 3) == weights_of(item, 3) ? "" : "a second one gives others";
  });
  checks.keeps("LibTorch's settings are left alone", [&] { return before.changed(); });
}

}  // namespace mtl::conformance
