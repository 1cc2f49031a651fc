#pragma once

#include "weightings/adaptive/gradient_methods.h"

/// Methods for one main task with helpers.
namespace mtl::weightings {

/// An auxiliary gradient counts while its cosine with the main task's is above 0 (Du et al., 2018, the unweighted
/// version).
class GradientGating : public GramianMethod {
 public:
  GradientGating(const Options&, const WeightingContext& context) : GramianMethod(context) {}

 private:
  std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) override;
};

/// Auxiliary gradients lose the part that opposes the main task's; the main task's stays whole.
class MainProtecting : public GramianMethod {
 public:
  MainProtecting(const Options&, const WeightingContext& context) : GramianMethod(context) {}

 private:
  std::optional<Eigen::VectorXd> solve(const Gram& gram, const WeightingStep& step) override;
};

}  // namespace mtl::weightings
