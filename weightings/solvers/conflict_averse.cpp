#include "weightings/solvers/conflict_averse.h"

#include <algorithm>
#include <cmath>

namespace mtl::weightings {
namespace {

using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Violation of the problem's own conditions, relative to its largest number.
double residual_of(const MatrixXd& G, const VectorXd& b, double radius, const VectorXd& w) {
  const double norm = std::sqrt(std::max(0.0, w.dot(G * w)));
  if (norm == 0) return 0;
  const VectorXd gradient = b + radius / norm * (G * w);
  const double level = gradient.dot(w), scale = gradient.cwiseAbs().maxCoeff();
  double worst = std::abs(w.sum() - 1);
  for (Eigen::Index i = 0; i < w.size(); ++i) {
    worst = std::max({worst, -w[i], (level - gradient[i]) / scale});
    if (w[i] > 0) worst = std::max(worst, std::min(w[i], std::abs(gradient[i] - level) / scale));
  }
  return worst;
}

}  // namespace

QuadraticSolution minimize_conflict(const MatrixXd& G, const VectorXd& b, double radius) {
  constexpr int most_steps = 200;
  constexpr double enough = 1e-13;
  const auto at = [&](double t) { return minimize(G * (radius / t), -b, Feasible::simplex); };
  const auto gap = [&](const VectorXd& w, double t) { return std::sqrt(std::max(0.0, w.dot(G * w))) - t; };
  double high = std::sqrt(G.diagonal().maxCoeff()), low = high * 1e-6;  // below that the norm of a sum that cancels is rounding
  if (high == 0 || radius == 0) return minimize(G * 0, -b, Feasible::simplex);
  QuadraticSolution solution = at(low);
  double low_gap = gap(solution.x, low), high_gap = gap(at(high).x, high);
  if (low_gap > 0) {
    for (int step = 0; step < most_steps && high - low > enough * high; ++step) {
      const double between = (low * high_gap - high * low_gap) / (high_gap - low_gap);
      const double t = between > low && between < high ? between : (low + high) / 2;
      solution = at(t);
      const double now = gap(solution.x, t);
      if (std::abs(now) <= enough * t) break;
      if (now > 0) {
        low = t;
        low_gap = now;
        high_gap /= 2;
      } else {
        high = t;
        high_gap = now;
        low_gap /= 2;
      }
    }
  }
  // Where the least norm is 0 to rounding the gradients cancel, and any such weights do.
  solution.residual = low_gap > 0 ? residual_of(G, b, radius, solution.x) : solution.residual;
  return solution;
}

}  // namespace mtl::weightings
