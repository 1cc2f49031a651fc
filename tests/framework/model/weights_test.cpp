#include "framework/model/weights.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <limits>

#include "framework/model/safetensors.h"
#include "framework/model/torch_pickle.h"
#include "framework/model/weight_names.h"
#include "plugins/host/plugin_registry.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

std::shared_ptr<Backbone> tiny_backbone() {
  static const host::PluginRegistry registry({MTL_EXAMPLE_DIR});
  return registry.make_backbone({"tiny_backbone", "test", {}});
}

/// What a file for the tiny backbone holds, all ones.
std::vector<NamedTensor> ones() {
  std::vector<NamedTensor> tensors;
  for (const NamedTensor& named : state_of(*tiny_backbone()))
    tensors.push_back({named.name, torch::ones_like(named.tensor)});
  return tensors;
}

bool is_all_ones(const Backbone& backbone) {
  for (const NamedTensor& named : state_of(backbone))
    if (!named.tensor.equal(torch::ones_like(named.tensor))) return false;
  return true;
}

}  // namespace

TEST_CASE("a file of either kind, whatever wrapped the network, in any precision") {
  const test::TemporaryFolder folder;
  for (const char* wrapper : {"", "module.", "backbone.", "module._orig_mod.backbone.", "model."}) {
    CAPTURE(wrapper);
    std::vector<NamedTensor> tensors = ones();
    for (NamedTensor& named : tensors) named = {wrapper + named.name, named.tensor.to(at::kHalf)};
    tensors.push_back({std::string(wrapper) + "classifier.weight", torch::zeros({5, 3})});
    write_safetensors(folder.path() / "w.safetensors", tensors);
    write_torch_file(folder.path() / "w.pth", tensors);
    for (const char* name : {"w.safetensors", "w.pth"}) {
      const auto backbone = tiny_backbone();
      const std::vector<std::string> notes = load_backbone_weights(*backbone, folder.path() / name);
      CHECK(is_all_ones(*backbone));
      CHECK(notes == std::vector<std::string>{"weights of " + std::string(name),
                                              "not taken from " + std::string(name) + ": 'classifier.weight'"});
    }
  }
}

TEST_CASE("a name of the backbone's own that looks wrapped stays as it is") {
  class Wrapped : public Backbone {
   public:
    Wrapped() { register_module("model", torch::nn::Linear(2, 2)); }
    FeatureShape shape() const override { return {2, 2}; }
    Normalization normalization() const override { return {{0, 0, 0}, {1, 1, 1}}; }
    Features forward(const at::Tensor&) override { return {}; }
  };
  const Wrapped backbone;
  const NamedForBackbone found = named_for(backbone, {{"module.model.weight", torch::zeros({2, 2})}});
  REQUIRE(found.tensors.size() == 1);
  CHECK(found.tensors[0].name == "model.weight");
}

TEST_CASE("weights that do not fit are listed, and nothing is copied") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "other.safetensors";
  const auto backbone = tiny_backbone();
  const auto before = snapshot(state_of(*backbone));
  write_safetensors(file, {{"first.weight", torch::zeros({1, 3, 5, 5})},
                           {"first.bias", torch::zeros({16})},
                           {"third.weight", torch::zeros({1})}});
  CHECK(test::error_of([&] { load_backbone_weights(*backbone, file); }) ==
        file.string() +
            " does not fit this backbone: it lacks 'second.weight', 'second.bias'; it has the unknown 'third.weight'; "
            "it has other shapes: first.weight [1, 3, 5, 5] instead of [16, 3, 5, 5]; give a file of the same network, "
            "or "
            "set backbone.weights_strict = false to take what fits");
  const auto after = state_of(*backbone);
  for (size_t i = 0; i < before.size(); ++i) CHECK(torch::equal(before[i].tensor, after[i].tensor));
}

TEST_CASE("not strict: what fits is taken, the rest is said loudly; nothing that fits is an error all the same") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "w.safetensors";
  const auto backbone = tiny_backbone();
  write_safetensors(file, {{"first.bias", torch::full({16}, 3.0F)}, {"third.weight", torch::zeros({1})}});
  const auto notes = load_backbone_weights(*backbone, file, false);
  CHECK(backbone->named_parameters()["first.bias"].equal(torch::full({16}, 3.0F)));
  CHECK(
      notes.back() ==
      "WARNING: backbone.weights_strict is false: only 1 of 4 tensors are from w.safetensors: it lacks 'first.weight', "
      "'second.weight', 'second.bias'; it has the unknown 'third.weight'");
  write_safetensors(file, {{"third.weight", torch::zeros({1})}});
  CHECK(test::error_of([&] { load_backbone_weights(*backbone, file, false); }).find("does not fit this backbone") !=
        std::string::npos);
}

TEST_CASE("weights that are not finite are taken with a warning") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "w.safetensors";
  std::vector<NamedTensor> tensors = ones();
  tensors[1].tensor[0] = std::numeric_limits<float>::quiet_NaN();
  write_safetensors(file, tensors);
  CHECK(load_backbone_weights(*tiny_backbone(), file).back() ==
        "WARNING: w.safetensors holds infinity or NaN in 'first.bias'");
}

TEST_CASE("a scheme that a backbone does not have") {
  CHECK(test::error_of([] { scheme_named("timm", *tiny_backbone()); }) ==
        "the backbone has no names of 'timm', only its own");
}
