// What torchvision makes of weights and images that a formula gives, printed by torchvision_stored.py: needs no Python.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>

#include "framework/model/weights.h"
#include "plugins/host/plugin_registry.h"

using namespace mtl;

namespace {

struct Stored {
  const char* name;
  double gain;
  double norm;
  std::vector<double> first, second;  // of each image
};

bool ends_with(const std::string& text, const std::string& end) {
  return text.size() >= end.size() && text.compare(text.size() - end.size(), end.size(), end) == 0;
}

at::Tensor wave(at::IntArrayRef sizes, int64_t k) {
  const at::Tensor i = torch::arange(c10::multiply_integers(sizes), torch::kInt64);
  return torch::sin((i * i).remainder(9973).to(torch::kDouble) * 0.7 + k).reshape(sizes);
}

at::Tensor value_of(const NamedTensor& named, int64_t k, double gain) {
  const at::Tensor s = wave(named.tensor.sizes(), k);
  if (named.tensor.dim() == 4) return s * std::sqrt(gain / static_cast<double>(named.tensor[0].numel()));
  const bool is_norm = ends_with(named.name, "running_var") || ends_with(named.name, "weight");
  return is_norm ? 1 + 0.3 * s : 0.1 * s;
}

/// The order of a state_dict: each module's parameters, then its buffers.
void collect(const torch::nn::Module& module, const std::string& prefix, std::vector<NamedTensor>& all) {
  for (const auto& item : module.named_parameters(/*recurse=*/false))
    all.push_back({prefix + item.key(), item.value()});
  for (const auto& item : module.named_buffers(/*recurse=*/false))
    if (item.value().is_floating_point()) all.push_back({prefix + item.key(), item.value()});
  for (const auto& child : module.named_children()) collect(*child.value(), prefix + child.key() + ".", all);
}

}  // namespace

TEST_CASE("features of B0 and B5 are those that torchvision was seen to compute") {
  const std::vector<Stored> all{{"efficientnet_b0",
                                 4,
                                 18.78924,
                                 {-0.2328191, 0.01629271, -0.2244762, -0.09974055, 0.4818681},
                                 {-0.1964523, 0.01919247, -0.2489509, -0.06478126, 0.5493336}},
                                {"efficientnet_b5",
                                 3,
                                 2755.527,
                                 {21.69372, 31.66458, 1.0003, 25.46224, -3.18729e-10},
                                 {36.08027, 18.18879, 9.212088, 47.65902, 35.26841}}};
  const host::PluginRegistry registry({MTL_TEST_PLUGIN_DIR});
  for (const Stored& stored : all)
    for (const char* kernels : {"reference", "auto"}) {
      CAPTURE(stored.name);
      CAPTURE(kernels);
      const torch::NoGradGuard no_grad;
      const auto backbone = registry.make_backbone({stored.name, "test", {{"kernels", std::string(kernels), ""}}});
      std::vector<NamedTensor> state;
      collect(*backbone, "", state);
      for (size_t k = 0; k < state.size(); ++k)
        state[k].tensor.copy_(value_of(state[k], static_cast<int64_t>(k), stored.gain));
      backbone->eval();
      const at::Tensor images = wave({2, 3, 48, 64}, 0).to(torch::kFloat).contiguous(at::MemoryFormat::ChannelsLast);
      const at::Tensor pooled = backbone->forward(images).pooled.to(torch::kDouble);
      CHECK(pooled.norm().item<double>() == doctest::Approx(stored.norm).epsilon(1e-5));
      for (int64_t i = 0; i < 5; ++i) {
        CHECK(std::abs(pooled[0][i].item<double>() - stored.first[static_cast<size_t>(i)]) < 1e-5 * stored.norm);
        CHECK(std::abs(pooled[1][i].item<double>() - stored.second[static_cast<size_t>(i)]) < 1e-5 * stored.norm);
      }
    }
}
