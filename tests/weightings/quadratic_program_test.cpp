#include "weightings/solvers/quadratic_program.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/weightings/random_gramians.h"

using namespace mtl::weightings;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

/// The conditions of Karush, Kuhn and Tucker, written anew: the largest violation as a share of the largest number.
double violation(const MatrixXd& H, const VectorXd& b, const VectorXd& x, bool on_simplex) {
  const double scale = std::max(H.cwiseAbs().maxCoeff(), b.cwiseAbs().maxCoeff());
  const VectorXd gradient = (H * x - b) / scale;
  const double level = on_simplex ? gradient.dot(x) : 0;
  double worst = on_simplex ? std::abs(x.sum() - 1) : 0;
  for (Eigen::Index i = 0; i < x.size(); ++i)
    worst = std::max({worst, -x[i], level - gradient[i], std::abs(x[i] * (gradient[i] - level))});
  return worst;
}

}  // namespace

TEST_CASE("two gradients have the published closed form") {
  MatrixXd G(2, 2);
  G << 4, -1, -1, 1;
  const VectorXd w = minimize(G, VectorXd::Zero(2), Feasible::simplex).x;
  const double first = (1.0 + 1.0) / (4.0 + 1.0 + 2.0);  // (g2 - g1) g2 / |g1 - g2|^2
  CHECK(w[0] == doctest::Approx(first).epsilon(1e-12));
  CHECK(w[1] == doctest::Approx(1 - first).epsilon(1e-12));
  G << 4, 2, 2, 1;  // the shorter one alone
  CHECK(minimize(G, VectorXd::Zero(2), Feasible::simplex).x[1] == doctest::Approx(1));
}

TEST_CASE("non-negative least squares by hand") {
  MatrixXd H(2, 2);
  H << 2, 1, 1, 2;
  VectorXd b(2);
  b << 3, -1;  // the free minimum has a second value below 0
  const VectorXd x = minimize(H, b, Feasible::nonnegative).x;
  CHECK(x[0] == doctest::Approx(1.5));
  CHECK(x[1] == 0);
}

TEST_CASE("10 000 random Gramians on the simplex and in the quadrant: conditions kept to 1e-8") {
  mtl::test::RandomGramians gramians;
  double simplex = 0, quadrant = 0, told = 0;
  for (int i = 0; i < 10'000; ++i) {
    const MatrixXd G = gramians.next();
    const VectorXd zero = VectorXd::Zero(G.rows());
    const QuadraticSolution shortest = minimize(G, zero, Feasible::simplex);
    simplex = std::max(simplex, violation(G, zero, shortest.x, true));
    MatrixXd H = G / std::max(G.trace(), 1e-300);
    H.diagonal().array() += 1e-4;
    const VectorXd b = -H.col(i % H.cols());
    const QuadraticSolution projected = minimize(H, b, Feasible::nonnegative);
    quadrant = std::max(quadrant, violation(H, b, projected.x, false));
    told = std::max({told, shortest.residual, projected.residual});
  }
  CHECK(simplex < 1e-8);
  CHECK(quadrant < 1e-8);
  CHECK(told < largest_residual);
}

TEST_CASE("a problem without a scale has every point for a minimum") {
  const VectorXd w = minimize(MatrixXd::Zero(3, 3), VectorXd::Zero(3), Feasible::simplex).x;
  CHECK(w.sum() == doctest::Approx(1));
}
