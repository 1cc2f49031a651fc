#pragma once

#include "weightings/adaptive/adam.h"
#include "weightings/adaptive/adaptive_weighting.h"
#include "weightings/adaptive/gram.h"

/// Methods that look at the Gramian of the tasks' gradients.
namespace mtl::weightings {

/// A method whose weights are a function of this step's Gramian.
class GramianMethod : public AdaptiveWeighting {
 public:
  using AdaptiveWeighting::AdaptiveWeighting;
  WeightingNeeds needs() const override { return {.gramian = true}; }

 protected:
  /// Weights of the tasks of `gram`, which has at least one.
  virtual std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) = 0;

 private:
  std::optional<std::vector<double>> solve(const WeightingStep& step) final;
};

/// Multiple gradient descent (Sener and Koltun, NeurIPS 2018; Desideri 2012): the shortest vector in the convex hull of
/// the gradients g_k / p_k.
class Mgda : public GramianMethod {
 public:
  Mgda(const Options&, const WeightingContext& context) : GramianMethod(context) {}

 private:
  std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) override;
};

/// Gradient surgery (Yu et al., NeurIPS 2020): each gradient p_k g_k loses what opposes the others, in random order.
class PcGrad : public GramianMethod {
 public:
  PcGrad(const Options&, const WeightingContext& context) : GramianMethod(context) {}

 private:
  std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) override;
};

/// Conflict-averse gradient descent (Liu et al., NeurIPS 2021), on p_k g_k.
class CaGrad : public GramianMethod {
 public:
  CaGrad(const Options& options, const WeightingContext& context);
  static std::vector<OptionSpec> options();

 private:
  std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) override;
  double calpha_;
};

/// Impartial learning of the gradients (Liu et al., ICLR 2021): the combination has the same projection on each of
/// them, times p_k.
class ImtlG : public GramianMethod {
 public:
  ImtlG(const Options&, const WeightingContext& context) : GramianMethod(context) {}

 private:
  std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) override;
};

/// IMTL-L and IMTL-G together: losses exp(s_k) L_k - s_k with s learned, then IMTL-G on their gradients.
class Imtl : public GramianMethod {
 public:
  Imtl(const Options& options, const WeightingContext& context);
  WeightingNeeds needs() const override { return {.losses = true, .gramian = true}; }
  static std::vector<OptionSpec> options();

 private:
  std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) override;
  Learned learned() override;

  std::vector<double> scales_;  // s
  Adam adam_;
};

/// Aligned-MTL (Senushkin et al., CVPR 2023): the gradients' principal components, all brought to the shortest one's
/// length.
class AlignedMtl : public GramianMethod {
 public:
  AlignedMtl(const Options&, const WeightingContext& context) : GramianMethod(context) {}

 private:
  std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) override;
};

/// FairGrad (Ban and Ji, ICML 2024): (G a)_k = p_k a_k^(-1/alpha). alpha = 1 is Nash-MTL (Navon et al., ICML 2022).
class FairGrad : public GramianMethod {
 public:
  FairGrad(const Options& options, const WeightingContext& context);
  static std::vector<OptionSpec> options();

 protected:
  FairGrad(double alpha, const WeightingContext& context) : GramianMethod(context), alpha_(alpha) {}

 private:
  std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) override;
  double alpha_;
};

class NashMtl : public FairGrad {
 public:
  NashMtl(const Options&, const WeightingContext& context) : FairGrad(1.0, context) {}
};

/// UPGrad (Quinton and Rey, 2024): the mean of the gradients, each projected onto the cone of those that oppose none.
class UpGrad : public GramianMethod {
 public:
  UpGrad(const Options& options, const WeightingContext& context);
  static std::vector<OptionSpec> options();

 private:
  std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) override;
  double regularization_;
};

/// GradNorm (Chen et al., ICML 2018): w = T softmax(v), v learned so that the norms of w_k g_k follow the tasks'
/// relative training rates to the power alpha.
class GradNorm : public AdaptiveWeighting {
 public:
  GradNorm(const Options& options, const WeightingContext& context);
  WeightingNeeds needs() const override { return {.losses = true, .gramian = true}; }
  static std::vector<OptionSpec> options();

 private:
  std::optional<std::vector<double>> solve(const WeightingStep& step) override;
  Learned learned() override;

  double alpha_;
  std::vector<double> logits_, first_losses_;  // 0: not seen yet
  Adam adam_;
};

/// DB-MTL (Lin et al., 2023): moving averages of the gradients of log(L + 1e-8), all scaled to the longest one's norm.
class DbMtl : public AdaptiveWeighting {
 public:
  DbMtl(const Options& options, const WeightingContext& context);
  WeightingNeeds needs() const override { return {.losses = true, .gramian = true, .gradients = true}; }
  at::Tensor combine(const WeightingStep& step, const std::vector<at::Tensor>& gradients) override;
  std::map<std::string, at::Tensor> state() const override;
  void load_state(const std::map<std::string, at::Tensor>& state) override;
  static std::vector<OptionSpec> options();

 private:
  /// Those that this step's gradients alone would have; the averages are combine()'s.
  std::optional<std::vector<double>> solve(const WeightingStep& step) override;

  double beta_;
  std::vector<at::Tensor> averages_;  // [P] each; undefined until the task was labelled once
};

}  // namespace mtl::weightings
