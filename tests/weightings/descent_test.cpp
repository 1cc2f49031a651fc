// What the methods promise of the combined step, to first order.
#include <doctest/doctest.h>

#include <Eigen/Core>
#include <Eigen/LU>
#include <algorithm>
#include <cmath>

#include "tests/weightings/made.h"
#include "tests/weightings/random_gramians.h"

using namespace mtl;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

WeightingStep step_of(const MatrixXd& G, int64_t number) {
  WeightingStep step;
  step.step = number;
  step.losses.assign(static_cast<size_t>(G.rows()), 1.0);
  step.labelled.assign(static_cast<size_t>(G.rows()), true);
  for (Eigen::Index i = 0; i < G.rows(); ++i)
    for (Eigen::Index j = 0; j < G.cols(); ++j) step.gramian.push_back(G(i, j));
  return step;
}

/// The smallest cosine of a task's gradient with the combined step; 1 where either is nothing to rounding.
double worst_cosine(const MatrixXd& J, const std::vector<double>& weights) {
  const VectorXd w = Eigen::Map<const VectorXd>(weights.data(), J.rows());
  const VectorXd d = J.transpose() * w;
  double scale = 0, worst = 1;
  for (Eigen::Index k = 0; k < J.rows(); ++k) scale += std::abs(w[k]) * J.row(k).norm();
  if (d.norm() < 1e-7 * scale) return 1;
  for (Eigen::Index k = 0; k < J.rows(); ++k)
    if (J.row(k).norm() > 0) worst = std::min(worst, J.row(k).dot(d) / J.row(k).norm() / d.norm());
  return worst;
}

/// The length of the shortest combination with weights that sum to 1.
double shortest(const MatrixXd& J) {
  const auto weights = test::made("mgda", test::context_of(std::vector<double>(static_cast<size_t>(J.rows()), 1.0)))
                           ->weights(step_of(J * J.transpose(), 0));
  return (J.transpose() * Eigen::Map<const VectorXd>(weights.data(), J.rows())).norm();
}

}  // namespace

TEST_CASE("the combined step raises no task's loss where the method promises it") {
  for (const std::string& method : {std::string("mgda"), std::string("nash_mtl"), std::string("upgrad"),
                                    std::string("pcgrad"), std::string("cagrad")}) {
    test::RandomGramians gramians;
    double worst = 1;
    for (int i = 0; i < 4000; ++i) {
      MatrixXd J = gramians.gradients();
      // PCGrad promises it for two tasks; CAGrad, with c >= 1, where any direction lowers all losses; UPGrad but for
      // its regularization, which counts where gradients are of other sizes.
      if (method == "pcgrad" && J.rows() != 2) continue;
      if (method == "cagrad" || method == "upgrad") {
        if (J.rowwise().norm().minCoeff() == 0) continue;
        J.rowwise().normalize();
        if (shortest(J) < 0.05) continue;
      }
      const auto weighting = test::made(
          method, test::context_of(std::vector<double>(static_cast<size_t>(J.rows()), 1.0)),
          method == "cagrad" ? std::vector<host::GivenOption>{{"c", 1.0, "test"}} : std::vector<host::GivenOption>{});
      const std::vector<double> weights = weighting->weights(step_of(J * J.transpose(), i));
      if (weighting->unsolved() == 0) worst = std::min(worst, worst_cosine(J, weights));
    }
    CHECK_MESSAGE(worst > (method == "upgrad" ? -1e-2 : -1e-4), method << " " << worst);
  }
}

TEST_CASE("Aligned-MTL gives every principal direction of the gradients the same length") {
  test::RandomGramians gramians;
  for (int i = 0; i < 300; ++i) {
    const MatrixXd J = gramians.gradients();
    if (J.rows() != 2 || J.cols() < 2) continue;
    const MatrixXd G = J * J.transpose();
    if (G.determinant() < 1e-6 * G.squaredNorm()) continue;
    // The transformed gradients are orthogonal and as long as the shortest principal axis.
    const auto axis = [&](std::vector<double> preferences) {
      const auto w = test::made("aligned_mtl", test::context_of(std::move(preferences)))->weights(step_of(G, 0));
      return (J.transpose() * Eigen::Map<const VectorXd>(w.data(), 2)).eval();
    };
    const VectorXd first = axis({1, 1e-12}), second = axis({1e-12, 1});
    CHECK(first.norm() == doctest::Approx(second.norm()).epsilon(1e-6));
    CHECK(std::abs(first.dot(second)) < 1e-6 * first.norm() * second.norm());
  }
}

TEST_CASE("gating and protection leave the main task's gradient whole") {
  test::RandomGramians gramians;
  for (int i = 0; i < 2000; ++i) {
    const MatrixXd J = gramians.gradients();
    if (J.rows() < 2 || J.rowwise().norm().minCoeff() == 0) continue;
    const size_t main = static_cast<size_t>(i) % static_cast<size_t>(J.rows());
    const auto m = static_cast<Eigen::Index>(main);
    const auto context = test::context_of(std::vector<double>(static_cast<size_t>(J.rows()), 1.0), main);
    const auto step = step_of(J * J.transpose(), i);
    const std::vector<double> gated = test::made("gradient_gating", context)->weights(step),
                              kept = test::made("main_protecting", context)->weights(step);
    for (Eigen::Index k = 0; k < J.rows(); ++k)
      CHECK(gated[static_cast<size_t>(k)] == ((k == m || J.row(k).dot(J.row(m)) > 0) ? 1.0 : 0.0));
    const VectorXd d = J.transpose() * Eigen::Map<const VectorXd>(kept.data(), J.rows());
    CHECK(d.dot(J.row(m)) >= J.row(m).squaredNorm() * (1 - 1e-9));
  }
}
