#pragma once

#include <Eigen/Core>

namespace mtl::weightings {

enum class Feasible { nonnegative, simplex };

struct QuadraticSolution {
  Eigen::VectorXd x;
  /// The largest violation of the conditions of Karush, Kuhn and Tucker, as a share of the largest entry of the
  /// problem.
  double residual = 0;
};

/// Minimizes x'Hx / 2 - b'x over x >= 0 (`nonnegative`), or over x >= 0 with sum x = 1 (`simplex`), by a primal active
/// set (Lawson and Hanson, Solving Least Squares Problems, 1974, chapter 23). H [n,n] is symmetric and positive
/// semidefinite, n small; singular ones are solved too.
QuadraticSolution minimize(const Eigen::MatrixXd& H, const Eigen::VectorXd& b, Feasible set);

/// What a solution may violate at most to count as one.
inline constexpr double largest_residual = 1e-8;

}  // namespace mtl::weightings
