#include "mtl/loss_weighting.h"

namespace mtl {

LossWeighting::~LossWeighting() = default;

}  // namespace mtl
