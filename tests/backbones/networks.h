#pragma once

#include <torch/nn/modules/batchnorm.h>
#include <torch/types.h>
#include <torch/utils.h>

#include <memory>
#include <string>
#include <vector>

#include "plugins/host/plugin_registry.h"

/// Networks that the tests of the backbones compare.
namespace mtl::test {

using Given = std::vector<host::GivenOption>;

inline std::shared_ptr<Backbone> make_network(const std::string& name, Given options) {
  const host::PluginRegistry registry({MTL_TEST_PLUGIN_DIR});
  return registry.make_backbone({name, "test", std::move(options)});
}

/// The state of `from`, in the type that `to` has.
inline void copy_state(const Backbone& from, Backbone& to) {
  const torch::NoGradGuard no_grad;
  for (const auto& item : from.named_parameters()) to.named_parameters()[item.key()].copy_(item.value());
  for (const auto& item : from.named_buffers()) to.named_buffers()[item.key()].copy_(item.value());
}

/// Gives a network the running statistics of these images, their variance a quarter larger. With the initial ones the
/// values of a random network fade from layer to layer, until its features hardly depend on the images; with the exact
/// ones they are chaotic: any difference grows from layer to layer.
inline void settle_statistics(Backbone& backbone, const at::Tensor& images) {
  const torch::NoGradGuard no_grad;
  std::vector<std::pair<torch::nn::BatchNorm2dImpl*, double>> momenta;
  for (const auto& module : backbone.modules())
    if (auto* norm = module->as<torch::nn::BatchNorm2d>()) {
      momenta.emplace_back(norm, norm->options.momentum().value());
      norm->options.momentum(1.0);
    }
  backbone.train();
  backbone.forward(images);
  for (const auto& [norm, momentum] : momenta) {
    norm->options.momentum(momentum);
    norm->running_var.mul_(1.25);
  }
}

}  // namespace mtl::test
