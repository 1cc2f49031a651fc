#pragma once

#include "weightings/adaptive/adam.h"
#include "weightings/adaptive/adaptive_weighting.h"

/// Methods that look at the losses alone.
namespace mtl::weightings {

/// Weight 1 for every task, whatever its static weight.
class Equal : public AdaptiveWeighting {
 public:
  Equal(const Options&, const WeightingContext& context) : AdaptiveWeighting(context) {}

 private:
  std::optional<std::vector<double>> solve(const WeightingStep& step) override;
};

/// Homoscedastic uncertainty (Kendall, Gal and Cipolla, CVPR 2018): sum L_k / (2 exp(s_k)) + s_k / 2, s learned.
class Uncertainty : public AdaptiveWeighting {
 public:
  Uncertainty(const Options& options, const WeightingContext& context);
  WeightingNeeds needs() const override { return {.losses = true}; }
  static std::vector<OptionSpec> options();

 private:
  std::optional<std::vector<double>> solve(const WeightingStep& step) override;
  Learned learned() override;

  std::vector<double> log_variances_;
  Adam adam_;
};

/// Dynamic weight average (Liu, Johns and Davison, CVPR 2019): T softmax(r / temperature), r being the quotient of the
/// mean losses of the last two epochs.
class DynamicWeightAverage : public AdaptiveWeighting {
 public:
  DynamicWeightAverage(const Options& options, const WeightingContext& context);
  WeightingNeeds needs() const override { return {.losses = true}; }
  static std::vector<OptionSpec> options();

 private:
  std::optional<std::vector<double>> solve(const WeightingStep& step) override;
  Learned learned() override;
  void begin_epoch(int64_t epoch);

  double temperature_;
  std::vector<double> epoch_{0.0}, sums_, counts_, last_, before_last_;  // means of epochs; 0: none
};

/// Random loss weighting (Lin, Ye, Zhang and Tsang, TMLR 2022): softmax of T standard normal numbers, drawn each step.
class RandomWeights : public AdaptiveWeighting {
 public:
  RandomWeights(const Options&, const WeightingContext& context) : AdaptiveWeighting(context) {}

 private:
  std::optional<std::vector<double>> solve(const WeightingStep& step) override;
};

/// Geometric loss strategy (Chennupati et al., CVPR workshops 2019): the product of L_k^(1/T).
class GeometricLoss : public AdaptiveWeighting {
 public:
  GeometricLoss(const Options&, const WeightingContext& context) : AdaptiveWeighting(context) {}
  WeightingNeeds needs() const override { return {.losses = true}; }

 private:
  std::optional<std::vector<double>> solve(const WeightingStep& step) override;
};

/// Fast adaptive multitask optimization (Liu, Feng, Stone and Liu, NeurIPS 2023): sum z_k log(D_k) / c with z =
/// softmax(xi), D = L - L_min + 1e-8 and c = sum z / D; xi learns from the losses after the step.
class Famo : public AdaptiveWeighting {
 public:
  Famo(const Options& options, const WeightingContext& context);
  WeightingNeeds needs() const override { return {.losses = true, .losses_after = true}; }
  void look_back(const WeightingStep& before, const std::vector<double>& losses) override;
  static std::vector<OptionSpec> options();

 private:
  std::optional<std::vector<double>> solve(const WeightingStep& step) override;
  Learned learned() override;

  double least_loss_;
  std::vector<double> logits_;
  Adam adam_;
};

/// Smooth Tchebycheff scalarization (Lin et al., ICML 2024): in the warm-up sum log L, whose mean losses become the
/// nadir; then mu T log sum exp(p_k log(L_k / nadir_k) / mu).
class SmoothTchebycheff : public AdaptiveWeighting {
 public:
  SmoothTchebycheff(const Options& options, const WeightingContext& context);
  WeightingNeeds needs() const override { return {.losses = true}; }
  static std::vector<OptionSpec> options();

 private:
  std::optional<std::vector<double>> solve(const WeightingStep& step) override;
  Learned learned() override;

  double mu_;
  int64_t warmup_epochs_;
  std::vector<double> sums_, counts_;  // of the last epoch of the warm-up
};

}  // namespace mtl::weightings
