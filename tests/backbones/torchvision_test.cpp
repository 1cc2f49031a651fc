// The same weights and images give what torchvision computes, where /usr/bin/python3 has it.
#include <doctest/doctest.h>
#include <sys/wait.h>
#include <torch/torch.h>

#include <cstdlib>

#include "framework/model/safetensors.h"
#include "framework/model/weights.h"
#include "plugins/host/plugin_registry.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

std::map<std::string, at::Tensor> tensors_of(const std::filesystem::path& file) {
  std::map<std::string, at::Tensor> tensors;
  for (const NamedTensor& named : read_safetensors(file).tensors) tensors[named.name] = named.tensor;
  return tensors;
}

/// The largest difference as a share of the expected values' size.
double deviation(const at::Tensor& found, const at::Tensor& expected) {
  return ((found - expected).norm() / expected.norm()).item<double>();
}

}  // namespace

TEST_CASE("features, batch statistics and gradients are torchvision's") {
  const test::TemporaryFolder folder;
  const std::vector<std::string> names{"efficientnet_b0", "efficientnet_b5"};
  std::string command =
      "/usr/bin/python3 " MTL_SOURCE_DIR "/tests/backbones/torchvision_reference.py " + folder.path().string();
  for (const std::string& name : names) command += " " + name;
  const int status = std::system((command + " > " + (folder.path() / "log").string() + " 2>&1").c_str());
  if (!WIFEXITED(status) || WEXITSTATUS(status) == 77 || WEXITSTATUS(status) == 127) {
    MESSAGE("skipped: /usr/bin/python3 has no PyTorch with torchvision");
    return;
  }
  INFO(test::read_file(folder.path() / "log"));
  REQUIRE(status == 0);
  const host::PluginRegistry registry({MTL_TEST_PLUGIN_DIR});
  for (const std::string& name : names) {
    CAPTURE(name);
    const auto backbone = registry.make_backbone({name, "test", {{"dropout", 0.0, ""}, {"stochastic_depth", 0.0, ""}}});
    load_backbone_weights(*backbone, folder.path() / (name + ".safetensors"));
    auto expected = tensors_of(folder.path() / (name + "_out.safetensors"));
    const at::Tensor images = expected["images"].contiguous(at::MemoryFormat::ChannelsLast);
    {
      const torch::NoGradGuard no_grad;
      backbone->eval();
      CHECK(deviation(backbone->forward(images).map, expected["evaluated"]) < 1e-4);
    }
    backbone->train();
    const at::Tensor map = backbone->forward(images).map;
    CHECK(deviation(map, expected["trained"]) < 1e-3);
    (map * torch::linspace(-1, 1, map.numel()).view(map.sizes())).sum().backward();
    const auto parameters = backbone->named_parameters();
    CHECK(deviation(parameters["features.0.0.weight"].grad(), expected["stem_gradient"]) < 2e-2);
    CHECK(deviation(parameters["features.3.1.block.2.fc1.weight"].grad(), expected["block_gradient"]) < 2e-2);
    CHECK(deviation(backbone->named_buffers()["features.8.1.running_mean"], expected["running_mean"]) < 1e-3);
  }
}
