// A loss weighting of one's own: every auxiliary task counts less from epoch to epoch.
#include <cmath>

#include "mtl/plugin.h"

namespace {

using namespace mtl;

class MyWeighting : public LossWeighting {
 public:
  MyWeighting(const Options& options, const WeightingContext& context)
      : decay_(options.number("decay")), main_task_(context.main_task), static_weights_(context.static_weights) {}

  /// The configuration's weights; those of the auxiliary tasks times decay^epoch.
  std::vector<double> weights(const WeightingStep& step) override {
    std::vector<double> weights = static_weights_;
    for (size_t k = 0; k < weights.size(); ++k)
      if (k != main_task_) weights[k] *= std::pow(decay_, static_cast<double>(step.epoch));
    return weights;
  }

  static std::vector<OptionSpec> options() {
    return {OptionSpec::number("decay", 0.9, "by which the auxiliary tasks' weights shrink in an epoch").between(0, 1)};
  }

 private:
  double decay_;
  size_t main_task_;
  std::vector<double> static_weights_;
};

}  // namespace

MTL_PLUGIN(.name = "my_weighting", .version = "0.1.0", .licence = "MIT",
           .summary = "auxiliary tasks count less from epoch to epoch", .offers = "weighting:my_weighting") {
  return {
      weighting<MyWeighting>("my_weighting", "auxiliary tasks count less from epoch to epoch", MyWeighting::options())};
}
