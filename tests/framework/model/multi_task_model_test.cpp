#include "framework/model/multi_task_model.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include "framework/model/safetensors.h"
#include "framework/model/weights.h"
#include "plugins/host/plugin_registry.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

const host::PluginRegistry& registry() {
  static const host::PluginRegistry all({MTL_TEST_PLUGIN_DIR, MTL_EXAMPLE_DIR});
  return all;
}

MultiTaskModel make_model(const std::vector<std::string>& tasks) {
  torch::manual_seed(1);
  const auto backbone = registry().make_backbone({"tiny_backbone", "test", {{"dropout", 0.5, ""}}});
  std::vector<GuardedHead> heads;
  for (const std::string& task : tasks) {
    torch::manual_seed(2);
    heads.push_back({task, registry().make_head({"region", "test", {{"dropout", 0.5, ""}}}, task, backbone->shape())});
  }
  return {backbone, heads};
}

}  // namespace

TEST_CASE("names: the backbone's own, heads under heads.TASK") {
  const auto state = make_model({"C"}).state();
  std::vector<std::string> names;
  for (const NamedTensor& named : state) names.push_back(named.name);
  CHECK(names == std::vector<std::string>{"first.weight", "first.bias", "second.weight", "second.bias",
                                          "heads.C.classifier.weight", "heads.C.classifier.bias",
                                          "heads.C.class_weights"});
}

TEST_CASE("adding a head changes no draw of another") {
  MultiTaskModel one = make_model({"C"}), two = make_model({"X", "C"});
  one.train();
  two.train();
  const at::Tensor images = torch::rand({2, 3, 32, 32});
  const at::Tensor alone = one.forward(images, 5)[0], beside = two.forward(images, 5)[1];
  CHECK(torch::equal(alone, beside));
  CHECK_FALSE(torch::equal(alone, one.forward(images, 6)[0]));
}

TEST_CASE("saved and loaded, a model computes the same") {
  const test::TemporaryFolder folder;
  MultiTaskModel model = make_model({"C"});
  model.to(at::kCPU);
  write_safetensors(folder.path() / "model.safetensors", model.state());
  MultiTaskModel other = make_model({"C"});
  for (const NamedTensor& named : other.parameters()) named.tensor.detach().zero_();
  restore(other.state(), read_safetensors(folder.path() / "model.safetensors").tensors);
  model.train(false);
  other.train(false);
  const at::Tensor images = torch::rand({2, 3, 32, 32});
  CHECK(torch::equal(model.forward(images)[0], other.forward(images)[0]));
}
