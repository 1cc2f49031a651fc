#pragma once

#include <Eigen/Core>
#include <vector>

#include "mtl/loss_weighting.h"

namespace mtl::weightings {

/// The part of a step's Gramian that a method works on: tasks with a label and a gradient.
struct Gram {
  std::vector<size_t> tasks;  ///< their indexes
  Eigen::MatrixXd G;
  Eigen::VectorXd preferences;  ///< their static weights

  bool empty() const { return tasks.empty(); }
  Eigen::Index size() const { return G.rows(); }
  /// Weights of these tasks as T weights, 0 for the others.
  std::vector<double> spread(const Eigen::VectorXd& weights, size_t all) const;
};

Gram gram_of(const WeightingStep& step, const std::vector<double>& static_weights);

}  // namespace mtl::weightings
