#pragma once

#include <Eigen/Core>

namespace mtl::weightings {

struct BargainingSolution {
  Eigen::VectorXd a;
  double residual = 0;  ///< largest |a_i^(1/alpha) (G a)_i / p_i - 1|
};

/// Solves (G a)_i = p_i a_i^(-1/alpha), a > 0, by damped Newton on the strictly convex function whose gradient that is.
/// G [n,n] is symmetric and positive semidefinite with a positive diagonal, p > 0, alpha > 0. There is no solution
/// where the gradients of G cancel each other with positive weights; the residual then stays large.
BargainingSolution bargain(const Eigen::MatrixXd& G, const Eigen::VectorXd& p, double alpha);

}  // namespace mtl::weightings
