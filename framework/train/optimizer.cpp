#include "framework/train/optimizer.h"

#include <cmath>

#include "framework/train/fused_optimizer.h"
#include "framework/train/torch_optimizer.h"

namespace mtl {

double Optimizer::clip(double largest_norm) {
  const double norm = gradient_norm();
  if (std::isfinite(norm) && largest_norm > 0 && norm > largest_norm) scale_gradients(largest_norm / norm);
  return norm;
}

std::unique_ptr<Optimizer> make_optimizer(const OptimizerSettings& settings,
                                          const std::vector<NamedTensor>& parameters) {
  if (FusedOptimizer::takes(parameters)) return std::make_unique<FusedOptimizer>(settings, parameters);
  return std::make_unique<TorchOptimizer>(settings, parameters);
}

}  // namespace mtl
