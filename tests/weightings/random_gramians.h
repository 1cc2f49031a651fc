#pragma once

#include <Eigen/Core>
#include <cmath>
#include <random>

namespace mtl::test {

/// Gramians of all kinds that a training can bring: any number of tasks, more tasks than dimensions, identical and
/// opposed tasks, one without a gradient, nearly dependent ones, all scales, and tasks of scales far apart.
class RandomGramians {
 public:
  /// The gradients [T,P] behind the next one.
  Eigen::MatrixXd gradients() {
    const auto tasks = static_cast<Eigen::Index>(1 + draw_() % 8), size = static_cast<Eigen::Index>(1 + draw_() % 12);
    Eigen::MatrixXd J(tasks, size);
    for (Eigen::Index i = 0; i < tasks; ++i)
      for (Eigen::Index j = 0; j < size; ++j) J(i, j) = normal_(draw_);
    const Eigen::Index first = pick(tasks), second = pick(tasks);
    switch (draw_() % 7) {
      case 0:
        J.row(first) = J.row(second);
        break;
      case 1:
        J.row(first) = -J.row(second);
        break;
      case 2:
        J.row(first).setZero();
        break;
      case 3:
        J.row(first) = J.row(second) + 1e-9 * J.row(first);
        break;
      case 4:
        for (Eigen::Index i = 0; i < tasks; ++i) J.row(i) *= std::pow(10.0, power() / 4);
        break;
      default:
        break;
    }
    return J * std::pow(10.0, power());
  }
  Eigen::MatrixXd next() {
    const Eigen::MatrixXd J = gradients();
    return J * J.transpose();
  }

 private:
  Eigen::Index pick(Eigen::Index count) { return static_cast<Eigen::Index>(draw_() % static_cast<uint64_t>(count)); }
  double power() { return std::uniform_real_distribution<double>(-8, 8)(draw_); }

  std::mt19937_64 draw_{7};
  std::normal_distribution<double> normal_;
};

}  // namespace mtl::test
