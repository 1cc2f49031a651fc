#include "mtl/loss_weighting.h"

#include "mtl/error.h"

namespace mtl {

LossWeighting::~LossWeighting() = default;

at::Tensor LossWeighting::combine(const WeightingStep&, const std::vector<at::Tensor>&) {
  throw Error("needs() asks for gradients, and there is no combine()");
}

void LossWeighting::look_back(const WeightingStep&, const std::vector<double>&) {}

void LossWeighting::load_state(const std::map<std::string, at::Tensor>& state) {
  if (!state.empty()) throw Error("this weighting learns nothing, and the state has " + state.begin()->first);
}

}  // namespace mtl
