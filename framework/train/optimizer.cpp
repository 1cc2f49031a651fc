#include "framework/train/optimizer.h"

#include "framework/train/fused_optimizer.h"
#include "framework/train/torch_optimizer.h"

namespace mtl {

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings,
                                          const std::vector<NamedTensor>& parameters) {
  if (FusedOptimizer::takes(parameters)) return std::make_unique<FusedOptimizer>(settings, parameters);
  return std::make_unique<TorchOptimizer>(settings, parameters);
}

}  // namespace mtl
