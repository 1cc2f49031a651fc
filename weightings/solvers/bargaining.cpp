#include "weightings/solvers/bargaining.h"

#include <Eigen/Cholesky>
#include <cmath>
#include <limits>

namespace mtl::weightings {

using Eigen::MatrixXd;
using Eigen::VectorXd;

// With a_i = c_i / s_i and s_i^2 = G_ii the system is C c = q c^(-1/alpha), C being the correlations and
// q_i = p_i s_i^(1/alpha - 1), a problem of well-scaled numbers; it is the gradient of
// f(c) = c'Cc / 2 - sum q_i phi(c_i) with phi' = c^(-1/alpha).
BargainingSolution bargain(const MatrixXd& G, const VectorXd& p, double alpha) {
  constexpr int most_steps = 200;
  constexpr double enough = 1e-12;
  const double power = 1 / alpha;
  const VectorXd s = G.diagonal().cwiseSqrt();
  const MatrixXd C = (s.cwiseInverse().asDiagonal() * G * s.cwiseInverse().asDiagonal()).eval();
  VectorXd q = (p.array() * s.array().pow(power - 1)).matrix();
  const double mean = std::exp(q.array().log().mean());  // c scales with it: brought to 1 and put back at the end
  q /= mean;

  const auto phi = [&](double c) { return power == 1 ? std::log(c) : std::pow(c, 1 - power) / (1 - power); };
  const auto value = [&](const VectorXd& c) {
    double sum = c.dot(C * c) / 2;
    for (Eigen::Index i = 0; i < c.size(); ++i) sum -= q[i] * phi(c[i]);
    return sum;
  };
  const auto residual = [&](const VectorXd& c) {
    return ((C * c).array() * c.array().pow(power) / q.array() - 1).abs().maxCoeff();
  };

  VectorXd c = VectorXd::Ones(p.size());
  for (int step = 0; step < most_steps && !(residual(c) < enough); ++step) {
    const VectorXd gradient = C * c - (q.array() * c.array().pow(-power)).matrix();
    MatrixXd hessian = C;
    hessian.diagonal() += (power * q.array() * c.array().pow(-power - 1)).matrix();
    const VectorXd move = -hessian.ldlt().solve(gradient);
    double share = 1;  // stays inside, and goes down (Armijo)
    for (Eigen::Index i = 0; i < c.size(); ++i)
      if (move[i] < 0) share = std::min(share, -0.95 * c[i] / move[i]);
    const double now = value(c), slope = gradient.dot(move);
    for (int tries = 0; tries < 60 && !(value(c + share * move) <= now + 1e-4 * share * slope + 1e-15 * std::abs(now));
         ++tries)
      share /= 2;
    c += share * move;
    if (!c.allFinite()) return {VectorXd::Ones(p.size()), std::numeric_limits<double>::infinity()};
  }
  const double back = std::pow(mean, 1 / (1 + power));
  return {(c.array() / s.array() * back).matrix(), residual(c)};
}

}  // namespace mtl::weightings
