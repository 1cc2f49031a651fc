#include "weightings/adaptive/gram.h"

namespace mtl::weightings {

std::vector<double> Gram::spread(const Eigen::VectorXd& weights, size_t all) const {
  std::vector<double> spread(all, 0.0);
  for (size_t i = 0; i < tasks.size(); ++i) spread[tasks[i]] = weights[static_cast<Eigen::Index>(i)];
  return spread;
}

Gram gram_of(const WeightingStep& step, const std::vector<double>& static_weights) {
  const size_t all = static_weights.size();
  Gram gram;
  for (size_t k = 0; k < all; ++k)
    if (step.labelled[k] && step.gramian[k * all + k] > 0) gram.tasks.push_back(k);
  const auto count = static_cast<Eigen::Index>(gram.tasks.size());
  gram.G.resize(count, count);
  gram.preferences.resize(count);
  for (Eigen::Index i = 0; i < count; ++i) {
    const size_t k = gram.tasks[static_cast<size_t>(i)];
    gram.preferences[i] = static_weights[k];
    for (Eigen::Index j = 0; j < count; ++j) gram.G(i, j) = step.gramian[k * all + gram.tasks[static_cast<size_t>(j)]];
  }
  return gram;
}

}  // namespace mtl::weightings
