#include "weightings/solvers/quadratic_program.h"

#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

namespace mtl::weightings {
namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

/// Of the problem over x >= 0, and a'x = 1 on the simplex.
class ActiveSet {
 public:
  ActiveSet(const MatrixXd& H, const VectorXd& b, const VectorXd& a, Feasible set)
      : H_(H), b_(b), a_(a), set_(set), x_(VectorXd::Zero(b.size())) {}

  void run() {
    if (set_ == Feasible::simplex) start_at_a_corner();
    const Index most_steps = 20 * (b_.size() + 1) * (b_.size() + 1);
    for (Index step = 0; step < most_steps; ++step) {
      const Index entering = most_wanted();
      if (entering < 0) return;
      support_.push_back(entering);
      if (!descend()) return;
    }
  }

  const VectorXd& x() const { return x_; }

  /// The largest violation of the conditions, as a share of what the gradient is made of.
  double residual() const {
    const VectorXd gradient = H_ * x_ - b_;
    const double level = multiplier(gradient), size = size_of_gradient();
    double worst = set_ == Feasible::simplex ? std::abs(a_.dot(x_) - 1) : 0;
    for (Index i = 0; i < x_.size(); ++i) {
      const double slope = size > 0 ? (gradient[i] - level * a_[i]) / size : 0;
      worst = std::max({worst, -x_[i], -slope});
      if (x_[i] > 0) worst = std::max(worst, std::abs(slope));
    }
    return worst;
  }

 private:
  void start_at_a_corner() {
    const auto value = [&](Index i) { return (H_(i, i) / a_[i] / 2 - b_[i]) / a_[i]; };
    Index corner = 0;
    for (Index i = 1; i < b_.size(); ++i)
      if (value(i) < value(corner)) corner = i;
    x_[corner] = 1 / a_[corner];
    support_ = {corner};
  }

  double size_of_gradient() const { return (H_.cwiseAbs() * x_.cwiseAbs()).maxCoeff() + b_.cwiseAbs().maxCoeff(); }

  /// Of the constraint a'x = 1.
  double multiplier(const VectorXd& gradient) const {
    return set_ == Feasible::simplex ? gradient.dot(x_) / a_.dot(x_) : 0;
  }

  /// Outside the support, where the objective falls fastest; -1 where it falls nowhere, to rounding.
  Index most_wanted() const {
    constexpr double tolerance = 1e-14;
    const VectorXd gradient = H_ * x_ - b_;
    const VectorXd slope = gradient - multiplier(gradient) * a_;
    const double least = -tolerance * size_of_gradient();
    Index best = -1;
    for (Index i = 0; i < x_.size(); ++i)
      if (std::find(support_.begin(), support_.end(), i) == support_.end() && slope[i] < least &&
          (best < 0 || slope[i] < slope[best]))
        best = i;
    return best;
  }

  /// The minimum over the support without the bounds.
  VectorXd unbounded() const {
    const auto n = static_cast<Index>(support_.size());
    const Index rows = n + (set_ == Feasible::simplex);
    MatrixXd system = MatrixXd::Zero(rows, rows);
    VectorXd right = VectorXd::Zero(rows);
    for (Index i = 0; i < n; ++i) {
      right[i] = b_[support_[static_cast<size_t>(i)]];
      for (Index j = 0; j < n; ++j)
        system(i, j) = H_(support_[static_cast<size_t>(i)], support_[static_cast<size_t>(j)]);
    }
    if (rows > n) {
      for (Index i = 0; i < n; ++i) system(i, n) = system(n, i) = a_[support_[static_cast<size_t>(i)]];
      right[n] = 1;
    }
    return system.completeOrthogonalDecomposition().solve(right).head(n);
  }

  /// Goes to the minimum over the support; where a bound is in the way, to the bound, which leaves the support, and on.
  /// False where that ends where it began.
  bool descend() {
    const VectorXd before = x_;
    while (!support_.empty()) {
      const VectorXd target = unbounded();
      double share = 1;
      for (Index i = 0; i < target.size(); ++i) {
        const double now = x_[support_[static_cast<size_t>(i)]];
        if (target[i] <= 0 && now - target[i] > 0) share = std::min(share, now / (now - target[i]));
      }
      std::vector<Index> kept;
      for (Index i = 0; i < target.size(); ++i) {
        const Index place = support_[static_cast<size_t>(i)];
        x_[place] += share * (target[i] - x_[place]);
        if (x_[place] > std::numeric_limits<double>::epsilon() || share == 1)
          kept.push_back(place);
        else
          x_[place] = 0;
      }
      const bool is_there = share == 1 || kept.size() == support_.size();
      support_ = kept;
      if (is_there) break;
    }
    return x_ != before;
  }

  const MatrixXd& H_;
  const VectorXd& b_;
  const VectorXd& a_;
  Feasible set_;
  VectorXd x_;
  std::vector<Index> support_;
};

}  // namespace

QuadraticSolution minimize(const MatrixXd& H, const VectorXd& b, Feasible set) {
  const double largest = H.diagonal().maxCoeff();
  if (!(largest > 0) && set == Feasible::nonnegative) return {VectorXd::Zero(b.size()), b.maxCoeff() > 0 ? 1.0 : 0.0};
  // x = D y with a unit diagonal of D H D: gradients of scales far apart become numbers of one size.
  VectorXd D = VectorXd::Ones(b.size());
  for (Index i = 0; i < b.size(); ++i)
    if (H(i, i) > 0) D[i] = std::sqrt(largest / H(i, i));
  const double least = D.minCoeff();
  const VectorXd a = D / least;  // so that y is x / least
  const MatrixXd scaled_H = largest > 0 ? MatrixXd(a.asDiagonal() * (H / largest) * a.asDiagonal()) : H;
  const VectorXd scaled_b = a.cwiseProduct(b) / (largest > 0 ? largest : 1);
  ActiveSet search(scaled_H, scaled_b, a, set);
  search.run();
  return {a.cwiseProduct(search.x()), search.residual()};
}

}  // namespace mtl::weightings
