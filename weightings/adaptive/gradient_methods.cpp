#include "weightings/adaptive/gradient_methods.h"

#include <Eigen/Eigenvalues>
#include <Eigen/QR>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <utility>

#include "weightings/adaptive/draws.h"
#include "weightings/adaptive/softmax.h"
#include "weightings/solvers/bargaining.h"
#include "weightings/solvers/conflict_averse.h"
#include "weightings/solvers/quadratic_program.h"

namespace mtl::weightings {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;
using TaskWeights = std::optional<VectorXd>;

namespace {

/// The Gramian of f_k g_k.
MatrixXd scaled(const MatrixXd& G, const VectorXd& f) { return f.asDiagonal() * G * f.asDiagonal(); }

/// Preferences with the mean 1: how large they are all together is the learning rate's business.
VectorXd relative(const VectorXd& preferences) { return preferences / preferences.mean(); }

}  // namespace

std::optional<std::vector<double>> GramianMethod::solve(const WeightingStep& step) {
  const Gram gram = gram_of(step, preferences());
  if (gram.empty()) return preferences();  // nothing reaches the shared part, whatever the weights
  const TaskWeights weights = solve(gram, step);
  if (!weights) return {};
  return gram.spread(*weights, tasks());
}

TaskWeights Mgda::solve(const Gram& gram, const WeightingStep&) {
  const VectorXd inverse = relative(gram.preferences).cwiseInverse();
  const QuadraticSolution point = minimize(scaled(gram.G, inverse), VectorXd::Zero(gram.size()), Feasible::simplex);
  if (point.residual > largest_residual) return {};
  return inverse.cwiseProduct(point.x);
}

TaskWeights PcGrad::solve(const Gram& gram, const WeightingStep& step) {
  const MatrixXd G = scaled(gram.G, gram.preferences);
  Draws draws(context().seed, step.step);
  VectorXd sum = VectorXd::Zero(gram.size());
  for (Index i = 0; i < gram.size(); ++i) {
    std::vector<Index> others;
    for (Index j = 0; j < gram.size(); ++j)
      if (j != i) others.push_back(j);
    for (size_t j = others.size(); j > 1; --j) std::swap(others[j - 1], others[draws.below(j)]);
    VectorXd shares = VectorXd::Unit(gram.size(), i);  // of the gradients in what is left of the i-th
    for (const Index j : others)
      if (const double product = shares.dot(G.col(j)); product < 0) shares[j] -= product / G(j, j);
    sum += shares;
  }
  return gram.preferences.cwiseProduct(sum);
}

CaGrad::CaGrad(const Options& options, const WeightingContext& context)
    : GramianMethod(context), calpha_(options.number("c")) {}

std::vector<OptionSpec> CaGrad::options() {
  return {OptionSpec::number("c", 0.5, "how far the step may lie from the mean gradient, as a share of its length")
              .between(0, 1)};
}

TaskWeights CaGrad::solve(const Gram& gram, const WeightingStep&) {
  const VectorXd p = relative(gram.preferences);
  const MatrixXd G = scaled(gram.G, p);
  const auto count = static_cast<double>(gram.size());
  const VectorXd mean = VectorXd::Constant(gram.size(), 1 / count);
  const double radius = calpha_ * std::sqrt(std::max(0.0, mean.dot(G * mean)));
  const QuadraticSolution point = minimize_conflict(G, G * mean, radius);
  if (point.residual > largest_residual) return {};
  const double norm = std::sqrt(std::max(0.0, point.x.dot(G * point.x)));
  const bool cancels = norm <= 1e-6 * std::sqrt(G.diagonal().maxCoeff());
  const VectorXd shares = cancels ? mean : (mean + radius / norm * point.x).eval();
  return p.cwiseProduct(shares) / (1 + calpha_ * calpha_);
}

namespace {

/// v with (G v)_k = p_k |g_k| for all k, scaled to the sum 1; nothing where the sum is not above 0.
TaskWeights impartial(const MatrixXd& G, const VectorXd& p) {
  // On correlations, whose numbers are all of one size: G = S C S, so v = C^+ p / s.
  const VectorXd s = G.diagonal().cwiseSqrt();
  const MatrixXd C = scaled(G, s.cwiseInverse());
  const VectorXd v = C.completeOrthogonalDecomposition().solve(p).cwiseQuotient(s);
  const double sum = v.sum();
  if (!(sum > 1e-12 * v.cwiseAbs().sum())) return {};
  return v / sum;
}

}  // namespace

TaskWeights ImtlG::solve(const Gram& gram, const WeightingStep&) { return impartial(gram.G, gram.preferences); }

Imtl::Imtl(const Options& options, const WeightingContext& context)
    : GramianMethod(context), scales_(tasks(), 0.0), adam_(tasks(), options.number("learning_rate")) {}

std::vector<OptionSpec> Imtl::options() {
  return {OptionSpec::number("learning_rate", 0.001, "of s, by Adam").between(0, 1)};
}

TaskWeights Imtl::solve(const Gram& gram, const WeightingStep& step) {
  VectorXd factors(gram.size());
  std::vector<double> gradient(tasks(), 0.0);
  for (Index i = 0; i < gram.size(); ++i) {
    const size_t k = gram.tasks[static_cast<size_t>(i)];
    factors[i] = std::exp(scales_[k]);
    gradient[k] = factors[i] * step.losses[k] - 1;
  }
  const TaskWeights weights = impartial(scaled(gram.G, factors), gram.preferences);
  if (!weights) return {};
  adam_.step(scales_, gradient);
  return factors.cwiseProduct(*weights);
}

Imtl::Learned Imtl::learned() {
  Learned all = adam_.learned();
  all.emplace_back("scales", &scales_);
  return all;
}

TaskWeights AlignedMtl::solve(const Gram& gram, const WeightingStep&) {
  const Eigen::SelfAdjointEigenSolver<MatrixXd> eigen(gram.G);
  if (eigen.info() != Eigen::Success) return {};
  const VectorXd& values = eigen.eigenvalues();  // ascending
  const double least =
      values[values.size() - 1] * static_cast<double>(gram.size()) * std::numeric_limits<double>::epsilon();
  VectorXd balanced = VectorXd::Zero(gram.size());
  double shortest = 0;
  for (Index i = 0; i < values.size(); ++i) {
    if (values[i] <= least) continue;
    if (shortest == 0) shortest = values[i];
    const VectorXd direction = eigen.eigenvectors().col(i);
    balanced += std::sqrt(shortest / values[i]) * direction.dot(gram.preferences) * direction;
  }
  return balanced;
}

FairGrad::FairGrad(const Options& options, const WeightingContext& context)
    : FairGrad(options.number("alpha"), context) {}

std::vector<OptionSpec> FairGrad::options() {
  return {
      OptionSpec::number("alpha", 2.0, "1: proportional fairness, which is Nash-MTL; larger: towards the worst task")
          .between(0.1, 100)};
}

TaskWeights FairGrad::solve(const Gram& gram, const WeightingStep&) {
  const BargainingSolution solution = bargain(gram.G, relative(gram.preferences), alpha_);
  if (!(solution.residual <= largest_residual)) return {};
  return solution.a;
}

UpGrad::UpGrad(const Options& options, const WeightingContext& context)
    : GramianMethod(context), regularization_(options.number("regularization")) {}

std::vector<OptionSpec> UpGrad::options() {
  return {OptionSpec::number("regularization", 1e-4, "added to the diagonal of the Gramian of trace 1").between(0, 1)};
}

TaskWeights UpGrad::solve(const Gram& gram, const WeightingStep&) {
  MatrixXd G = gram.G / gram.G.trace();
  G.diagonal().array() += regularization_;
  const VectorXd p = gram.preferences / gram.preferences.sum();
  VectorXd sum = VectorXd::Zero(gram.size());
  for (Index i = 0; i < gram.size(); ++i) {  // min v'Gv over v >= p_i e_i, with v = p_i e_i + x
    const VectorXd least = p[i] * VectorXd::Unit(gram.size(), i);
    const QuadraticSolution more = minimize(G, -(G * least), Feasible::nonnegative);
    if (more.residual > largest_residual) return {};
    sum += least + more.x;
  }
  return sum;
}

GradNorm::GradNorm(const Options& options, const WeightingContext& context)
    : AdaptiveWeighting(context),
      alpha_(options.number("alpha")),
      logits_(logs(context.static_weights)),
      first_losses_(tasks(), 0.0),
      adam_(tasks(), options.number("learning_rate")) {}

std::vector<OptionSpec> GradNorm::options() {
  return {OptionSpec::number("alpha", 1.5, "how strongly a task that learns slowly is pulled up").between(0, 10),
          OptionSpec::number("learning_rate", 0.025, "of the weights' logarithms, by Adam").between(0, 10)};
}

std::optional<std::vector<double>> GradNorm::solve(const WeightingStep& step) {
  const auto among = positive_losses(step);
  if (!among) return {};
  const auto count = static_cast<double>(among->size());
  std::vector<double> weights = softmax(logits_, *among), norms(tasks(), 0.0), rates(tasks(), 0.0);
  double mean_norm = 0, mean_rate = 0;
  for (const size_t k : *among) {
    if (first_losses_[k] == 0) first_losses_[k] = step.losses[k];
    norms[k] = std::sqrt(step.gramian[k * tasks() + k]);
    rates[k] = step.losses[k] / first_losses_[k];
    mean_norm += weights[k] * norms[k];  // weights are 1/T of what they are in the step, and this sum is no mean yet
    mean_rate += rates[k] / count;
  }
  std::vector<double> by_share(tasks(), 0.0);
  for (const size_t k : *among) {
    const double target = mean_norm * std::pow(rates[k] / mean_rate, alpha_);  // a constant, as in the paper
    const double excess = count * weights[k] * norms[k] - target;
    by_share[k] = count * norms[k] * (excess > 0 ? 1 : excess < 0 ? -1 : 0);
  }
  adam_.step(logits_, softmax_gradient(weights, by_share));
  for (double& weight : weights) weight *= count;
  return weights;
}

GradNorm::Learned GradNorm::learned() {
  Learned all = adam_.learned();
  all.emplace_back("logits", &logits_);
  all.emplace_back("first_losses", &first_losses_);
  return all;
}

}  // namespace mtl::weightings
