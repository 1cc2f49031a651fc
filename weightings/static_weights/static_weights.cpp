// The fixed weights of the configuration.
#include <utility>

#include "mtl/plugin.h"

namespace {

using namespace mtl;

class StaticWeights : public LossWeighting {
 public:
  StaticWeights(const Options&, const WeightingContext& context) : weights_(context.static_weights) {}
  std::vector<double> weights(const WeightingStep&) override { return weights_; }

 private:
  std::vector<double> weights_;
};

}  // namespace

MTL_PLUGIN(.name = "static_weights", .version = "0.1.0", .licence = "MIT",
           .summary = "the fixed loss weights of the configuration", .offers = "weighting:static_weights") {
  return {weighting<StaticWeights>("static_weights", "the fixed loss weights of the configuration", {})};
}
