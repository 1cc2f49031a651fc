#include "weightings/solvers/bargaining.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/weightings/random_gramians.h"

using namespace mtl::weightings;
using Eigen::MatrixXd;
using Eigen::VectorXd;

TEST_CASE("orthogonal gradients bargain to 1 / length, whatever the lengths") {
  const VectorXd lengths = (VectorXd(3) << 1e-6, 1, 1e6).finished();
  const MatrixXd G = lengths.cwiseAbs2().asDiagonal();
  const BargainingSolution nash = bargain(G, VectorXd::Ones(3), 1);
  for (Eigen::Index i = 0; i < 3; ++i) CHECK(nash.a[i] * lengths[i] == doctest::Approx(1).epsilon(1e-10));
  // G_ii a = a^(-1/2)
  const BargainingSolution fair = bargain(G, VectorXd::Ones(3), 2);
  for (Eigen::Index i = 0; i < 3; ++i)
    CHECK(fair.a[i] * std::pow(G(i, i), 2.0 / 3) == doctest::Approx(1).epsilon(1e-8));
}

TEST_CASE("a task with twice the power gets its share") {
  const VectorXd p = (VectorXd(2) << 2, 1).finished();
  const BargainingSolution nash = bargain(MatrixXd::Identity(2, 2), p, 1);
  CHECK(nash.a[0] * nash.a[0] == doctest::Approx(2));
  CHECK(nash.a[1] * nash.a[1] == doctest::Approx(1));
}

TEST_CASE("random Gramians: solved to 1e-8 wherever the gradients do not cancel each other") {
  mtl::test::RandomGramians gramians;
  int solved = 0, tried = 0;
  for (int i = 0; i < 10'000; ++i) {
    const MatrixXd G = gramians.next();
    if (G.diagonal().minCoeff() <= 0) continue;
    const VectorXd s = G.diagonal().cwiseSqrt();
    const MatrixXd C = s.cwiseInverse().asDiagonal() * G * s.cwiseInverse().asDiagonal();
    for (const double alpha : {1.0, 2.0}) {
      const BargainingSolution found = bargain(G, VectorXd::Ones(G.rows()), alpha);
      const bool is_solved = found.residual < 1e-8;
      if (is_solved) CHECK(found.a.minCoeff() > 0);
      // Where even the shortest positive combination is long, there is a solution, and it has to be found.
      if ((C.rowwise().sum().array() > 0.1).all()) {
        ++tried;
        solved += is_solved;
      }
    }
  }
  CHECK(tried > 5000);
  CHECK(solved == tried);
}

TEST_CASE("opposed gradients have no bargain") {
  MatrixXd G(2, 2);
  G << 1, -1, -1, 1;
  CHECK_FALSE(bargain(G, VectorXd::Ones(2), 1).residual < 1e-8);
}
