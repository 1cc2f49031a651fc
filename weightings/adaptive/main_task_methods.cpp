#include "weightings/adaptive/main_task_methods.h"

#include <algorithm>

namespace mtl::weightings {
namespace {

using Eigen::Index;
using Eigen::VectorXd;

/// The main task's place in `gram`, -1 where it has no label or no gradient in this step.
Index main_place(const Gram& gram, size_t main_task) {
  const auto found = std::find(gram.tasks.begin(), gram.tasks.end(), main_task);
  return found == gram.tasks.end() ? -1 : static_cast<Index>(found - gram.tasks.begin());
}

}  // namespace

std::optional<VectorXd> GradientGating::solve(const Gram& gram, const WeightingStep&) {
  const Index main = main_place(gram, context().main_task);
  VectorXd weights = gram.preferences;
  if (main < 0) return weights;  // there is nothing to compare with
  for (Index k = 0; k < gram.size(); ++k)
    if (k != main && gram.G(k, main) <= 0) weights[k] = 0;
  return weights;
}

std::optional<VectorXd> MainProtecting::solve(const Gram& gram, const WeightingStep&) {
  const Index main = main_place(gram, context().main_task);
  VectorXd weights = gram.preferences;
  if (main < 0) return weights;
  for (Index k = 0; k < gram.size(); ++k)
    if (k != main && gram.G(k, main) < 0) weights[main] -= gram.preferences[k] * gram.G(k, main) / gram.G(main, main);
  return weights;
}

}  // namespace mtl::weightings
