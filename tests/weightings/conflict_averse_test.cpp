#include "weightings/solvers/conflict_averse.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/weightings/random_gramians.h"

using namespace mtl::weightings;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

double objective(const MatrixXd& G, const VectorXd& b, double radius, const VectorXd& w) {
  return b.dot(w) + radius * std::sqrt(std::max(0.0, w.dot(G * w)));
}

}  // namespace

TEST_CASE("10 000 random Gramians: residuals below 1e-8, and no point of the simplex is better") {
  mtl::test::RandomGramians gramians;
  std::mt19937_64 draw(3);
  std::exponential_distribution<double> exponential;
  double worst = 0;
  int unsolved = 0, better = 0;
  for (int i = 0; i < 10'000; ++i) {
    const MatrixXd G = gramians.next();
    if (G.diagonal().maxCoeff() == 0) continue;
    const VectorXd mean = VectorXd::Constant(G.rows(), 1 / static_cast<double>(G.rows()));
    const VectorXd b = G * mean;
    const double radius = 0.5 * std::sqrt(std::max(0.0, mean.dot(b)));
    const QuadraticSolution found = minimize_conflict(G, b, radius);
    unsolved += found.residual > largest_residual;
    worst = std::max(worst, found.residual);
    const double scale = std::sqrt(G.diagonal().maxCoeff()) * (radius + 1e-300) + b.cwiseAbs().maxCoeff();
    for (int other = 0; other < 20; ++other) {
      VectorXd w(G.rows());
      for (Eigen::Index k = 0; k < w.size(); ++k) w[k] = exponential(draw);
      w /= w.sum();
      if (other % 2) w = 0.999 * found.x + 0.001 * w;
      better += objective(G, b, radius, w) < objective(G, b, radius, found.x) - 1e-8 * scale;
    }
  }
  CHECK(unsolved == 0);
  CHECK(worst < 1e-8);
  CHECK(better == 0);
}

TEST_CASE("without a radius the least inner product with the mean wins alone") {
  MatrixXd G(2, 2);
  G << 4, 0, 0, 1;
  VectorXd b(2);
  b << 2, 0.5;
  const VectorXd w = minimize_conflict(G, b, 0).x;
  CHECK(w[0] == doctest::Approx(0));
  CHECK(w[1] == doctest::Approx(1));
}
