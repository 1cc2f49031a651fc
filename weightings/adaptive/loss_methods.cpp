#include "weightings/adaptive/loss_methods.h"

#include <algorithm>
#include <cmath>

#include "weightings/adaptive/draws.h"
#include "weightings/adaptive/softmax.h"

namespace mtl::weightings {

using Weights = std::optional<std::vector<double>>;

Weights Equal::solve(const WeightingStep&) { return std::vector<double>(tasks(), 1.0); }

Uncertainty::Uncertainty(const Options& options, const WeightingContext& context)
    : AdaptiveWeighting(context),
      log_variances_(tasks(), options.number("initial_log_variance")),
      adam_(tasks(), options.number("learning_rate")) {}

std::vector<OptionSpec> Uncertainty::options() {
  return {OptionSpec::number("initial_log_variance", -0.5, "s of every task at the start").between(-20, 20),
          OptionSpec::number("learning_rate", 0.001, "of s, by Adam").between(0, 1)};
}

/// The weights are those before s moves, as in one joint step of both.
Weights Uncertainty::solve(const WeightingStep& step) {
  std::vector<double> weights(tasks()), gradient(tasks(), 0.0);
  for (size_t k = 0; k < tasks(); ++k) {
    const double precision = std::exp(-log_variances_[k]) / 2;
    weights[k] = preferences()[k] * precision;
    if (step.labelled[k]) gradient[k] = preferences()[k] * (0.5 - step.losses[k] * precision);
  }
  adam_.step(log_variances_, gradient);
  return weights;
}

Uncertainty::Learned Uncertainty::learned() {
  Learned all = adam_.learned();
  all.emplace_back("log_variances", &log_variances_);
  return all;
}

DynamicWeightAverage::DynamicWeightAverage(const Options& options, const WeightingContext& context)
    : AdaptiveWeighting(context),
      temperature_(options.number("temperature")),
      sums_(tasks(), 0.0),
      counts_(tasks(), 0.0),
      last_(tasks(), 0.0),
      before_last_(tasks(), 0.0) {}

std::vector<OptionSpec> DynamicWeightAverage::options() {
  return {OptionSpec::number("temperature", 2.0, "larger: nearer to equal weights").between(1e-3, 1e6)};
}

void DynamicWeightAverage::begin_epoch(int64_t epoch) {
  for (size_t k = 0; k < tasks(); ++k) {
    before_last_[k] = last_[k];
    if (counts_[k] > 0) last_[k] = sums_[k] / counts_[k];
    sums_[k] = counts_[k] = 0;
  }
  epoch_[0] = static_cast<double>(epoch);
}

Weights DynamicWeightAverage::solve(const WeightingStep& step) {
  if (static_cast<double>(step.epoch) != epoch_[0]) begin_epoch(step.epoch);
  std::vector<double> quotients(tasks(), 1 / temperature_);
  std::vector<size_t> all;
  for (size_t k = 0; k < tasks(); ++k) {
    all.push_back(k);
    if (before_last_[k] > 0) quotients[k] = last_[k] / before_last_[k] / temperature_;
    if (!step.labelled[k]) continue;
    sums_[k] += step.losses[k];
    counts_[k] += 1;
  }
  std::vector<double> weights = softmax(quotients, all);
  for (size_t k = 0; k < tasks(); ++k) weights[k] *= preferences()[k] * static_cast<double>(tasks());
  return weights;
}

DynamicWeightAverage::Learned DynamicWeightAverage::learned() {
  return {{"epoch", &epoch_}, {"sums", &sums_}, {"counts", &counts_}, {"last", &last_}, {"before_last", &before_last_}};
}

Weights RandomWeights::solve(const WeightingStep& step) {
  Draws draws(context().seed, step.step);
  std::vector<double> normal(tasks());
  for (double& value : normal) value = draws.normal();  // of all tasks, so that a missing label changes no other's
  std::vector<double> weights = softmax(normal, labelled_tasks(step.labelled));
  for (size_t k = 0; k < tasks(); ++k) weights[k] *= preferences()[k];
  return weights;
}

Weights GeometricLoss::solve(const WeightingStep& step) {
  const auto among = positive_losses(step);
  if (!among) return {};
  double sum = 0, log_product = 0;
  for (const size_t k : *among) {
    sum += preferences()[k];
    log_product += preferences()[k] * std::log(step.losses[k]);
  }
  std::vector<double> weights(tasks(), 0.0);
  for (const size_t k : *among) weights[k] = std::exp(log_product / sum) * preferences()[k] / (sum * step.losses[k]);
  return weights;
}

namespace {

constexpr double famo_epsilon = 1e-8;

}  // namespace

Famo::Famo(const Options& options, const WeightingContext& context)
    : AdaptiveWeighting(context),
      least_loss_(options.number("least_loss")),
      logits_(logs(context.static_weights)),
      adam_(tasks(), options.number("learning_rate"), options.number("weight_decay")) {}

std::vector<OptionSpec> Famo::options() {
  return {OptionSpec::number("learning_rate", 0.025, "of xi, by Adam").between(0, 10),
          OptionSpec::number("weight_decay", 0.001, "of xi").between(0, 1),
          OptionSpec::number("least_loss", 0.0, "a value that no task's loss falls below").between(-1e9, 1e9)};
}

Weights Famo::solve(const WeightingStep& step) {
  const std::vector<size_t> among = labelled_tasks(step.labelled);
  const std::vector<double> shares = softmax(logits_, among);
  double sum = 0;
  for (const size_t k : among) {
    if (step.losses[k] < least_loss_) return {};
    sum += shares[k] / (step.losses[k] - least_loss_ + famo_epsilon);
  }
  std::vector<double> weights(tasks(), 0.0);
  for (const size_t k : among) weights[k] = shares[k] / (step.losses[k] - least_loss_ + famo_epsilon) / sum;
  return weights;
}

void Famo::look_back(const WeightingStep& before, const std::vector<double>& losses) {
  const std::vector<size_t> among = labelled_tasks(before.labelled);
  std::vector<double> fall(tasks(), 0.0);
  for (const size_t k : among) {
    const double was = before.losses[k] - least_loss_, is = losses[k] - least_loss_;
    if (!(was >= 0 && is >= 0) || !std::isfinite(was) || !std::isfinite(is)) return;
    fall[k] = std::log(was + famo_epsilon) - std::log(is + famo_epsilon);
  }
  adam_.step(logits_, softmax_gradient(softmax(logits_, among), fall));
}

Famo::Learned Famo::learned() {
  Learned all = adam_.learned();
  all.emplace_back("logits", &logits_);
  return all;
}

SmoothTchebycheff::SmoothTchebycheff(const Options& options, const WeightingContext& context)
    : AdaptiveWeighting(context),
      mu_(options.number("mu")),
      warmup_epochs_(options.integer("warmup_epochs")),
      sums_(tasks(), 0.0),
      counts_(tasks(), 0.0) {}

std::vector<OptionSpec> SmoothTchebycheff::options() {
  return {OptionSpec::number("mu", 1.0, "smoothness; towards 0 the worst task alone counts").between(1e-3, 1e3),
          OptionSpec::integer("warmup_epochs", 4, "epochs on the sum of log losses, whose losses give the nadir")
              .between(1, 1e6)};
}

Weights SmoothTchebycheff::solve(const WeightingStep& step) {
  const auto among = positive_losses(step);
  if (!among) return {};
  const bool is_warmup = step.epoch < warmup_epochs_;
  std::vector<double> weights(tasks(), 0.0), logits(tasks(), 0.0);
  for (const size_t k : *among) {
    if (step.epoch == warmup_epochs_ - 1) {
      sums_[k] += step.losses[k];
      counts_[k] += 1;
    }
    weights[k] = preferences()[k] / step.losses[k];
    const double nadir = counts_[k] > 0 ? sums_[k] / counts_[k] : step.losses[k];
    logits[k] = preferences()[k] * std::log(step.losses[k] / nadir) / mu_;
  }
  if (is_warmup) return weights;
  const std::vector<double> shares = softmax(logits, *among);
  for (const size_t k : *among) weights[k] *= shares[k] * static_cast<double>(among->size());
  return weights;
}

SmoothTchebycheff::Learned SmoothTchebycheff::learned() { return {{"sums", &sums_}, {"counts", &counts_}}; }

}  // namespace mtl::weightings
