#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "mtl/loss_weighting.h"
#include "mtl/options.h"

namespace mtl::weightings {

/// What all methods share: where the numbers of a step are not finite nothing is learned, where a problem is not solved
/// the last weights are used and it is counted, and what was learned is saved.
class AdaptiveWeighting : public LossWeighting {
 public:
  explicit AdaptiveWeighting(const WeightingContext& context);
  std::vector<double> weights(const WeightingStep& step) final;
  std::map<std::string, at::Tensor> state() const override;
  void load_state(const std::map<std::string, at::Tensor>& state) override;
  int64_t unsolved() const final { return static_cast<int64_t>(unsolved_[0]); }

 protected:
  /// The weights of a step whose numbers are all finite; nothing where there are none.
  virtual std::optional<std::vector<double>> solve(const WeightingStep& step) = 0;
  /// Names and places of what the method learns.
  using Learned = std::vector<std::pair<std::string, std::vector<double>*>>;
  virtual Learned learned() { return {}; }

  size_t tasks() const { return context_.static_weights.size(); }
  const std::vector<double>& preferences() const { return context_.static_weights; }
  const WeightingContext& context() const { return context_; }

 private:
  Learned all_learned();

  WeightingContext context_;
  std::vector<double> last_;
  std::vector<double> unsolved_{0.0};
};

/// Labelled tasks whose loss is above 0, which a logarithm asks for; nothing where a labelled one is not.
std::optional<std::vector<size_t>> positive_losses(const WeightingStep& step);

}  // namespace mtl::weightings
