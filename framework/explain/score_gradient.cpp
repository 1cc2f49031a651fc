#include "framework/explain/score_gradient.h"

#include <torch/csrc/autograd/autograd.h>

#include "plugins/host/plugin_call.h"

namespace mtl {

at::Tensor score_gradient(const at::Tensor& scores, const at::Tensor& input, const GuardedHead& head) {
  if (!scores.requires_grad() || !input.requires_grad()) return {};
  return host::call_plugin(head.who() + ": the gradient of its outputs", [&] {
    return torch::autograd::grad({scores.sum()}, {input}, {}, /*retain_graph=*/false, /*create_graph=*/false,
                                 /*allow_unused=*/true)
        .front();
  });
}

}  // namespace mtl
