#pragma once

#include <Eigen/Core>

#include "weightings/solvers/quadratic_program.h"

namespace mtl::weightings {

/// Minimizes b'w + radius sqrt(w'Gw) over the simplex, CAGrad's dual problem (Liu et al., NeurIPS 2021, equation 5).
/// Since sqrt(q) is the least (q/t + t) / 2 over t > 0, each t makes a quadratic program, and t is the root of
/// sqrt(w(t)'G w(t)) - t, found between brackets by regula falsi (Illinois).
QuadraticSolution minimize_conflict(const Eigen::MatrixXd& G, const Eigen::VectorXd& b, double radius);

}  // namespace mtl::weightings
