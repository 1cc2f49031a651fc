// The facts of torchvision's efficientnet_b0 .. b7: counts from its model cards, names from its state_dicts.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include <set>

#include "plugins/host/plugin_registry.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

std::shared_ptr<Backbone> make(const std::string& name, std::vector<host::GivenOption> options = {}) {
  const host::PluginRegistry registry({MTL_TEST_PLUGIN_DIR});
  return registry.make_backbone({name, "test", std::move(options)});
}

int64_t parameter_count(const Backbone& backbone) {
  int64_t count = 0;
  for (const at::Tensor& parameter : backbone.parameters()) count += parameter.numel();
  return count;
}

std::map<std::string, std::vector<int64_t>> shapes(const Backbone& backbone) {
  std::map<std::string, std::vector<int64_t>> all;
  for (const auto& item : backbone.named_parameters()) all[item.key()] = item.value().sizes().vec();
  for (const auto& item : backbone.named_buffers()) all[item.key()] = item.value().sizes().vec();
  return all;
}

struct Fact {
  const char* name;
  int64_t parameters, features, state_entries, stem;
};

// state entries: of the whole network less classifier.1.weight and classifier.1.bias
constexpr Fact facts[] = {
    {"efficientnet_b0", 4007548, 1280, 358, 32},  {"efficientnet_b1", 6513184, 1280, 506, 32},
    {"efficientnet_b2", 7700994, 1408, 506, 32},  {"efficientnet_b3", 10696232, 1536, 572, 40},
    {"efficientnet_b4", 17548616, 1792, 704, 48}, {"efficientnet_b5", 28340784, 2048, 852, 48},
    {"efficientnet_b6", 40735704, 2304, 984, 56}, {"efficientnet_b7", 63786960, 2560, 1198, 64},
};

}  // namespace

TEST_CASE("every variant has torchvision's parameters and names") {
  for (const Fact& fact : facts) {
    CAPTURE(fact.name);
    const auto backbone = make(fact.name);
    const auto state = shapes(*backbone);
    CHECK(parameter_count(*backbone) == fact.parameters);
    CHECK(backbone->shape().width == fact.features);
    CHECK(state.size() == static_cast<size_t>(fact.state_entries));
    CHECK(state.at("features.0.0.weight") == std::vector<int64_t>{fact.stem, 3, 3, 3});
    CHECK(state.at("features.8.1.running_var") == std::vector<int64_t>{fact.features});
  }
}

TEST_CASE("blocks carry torchvision's names and shapes") {
  const auto state = shapes(*make("efficientnet_b0"));
  using Shape = std::vector<int64_t>;
  CHECK(state.at("features.1.0.block.0.0.weight") == Shape{32, 1, 3, 3});  // depthwise: stage 1 does not expand
  CHECK(state.at("features.1.0.block.1.fc1.weight") == Shape{8, 32, 1, 1});
  CHECK(state.at("features.1.0.block.2.1.num_batches_tracked") == Shape{});
  CHECK(state.at("features.2.0.block.0.0.weight") == Shape{96, 16, 1, 1});
  CHECK(state.at("features.3.1.block.1.0.weight") == Shape{240, 1, 5, 5});
  CHECK(state.at("features.3.1.block.2.fc1.bias") == Shape{10});
  CHECK(state.at("features.3.1.block.2.fc2.weight") == Shape{240, 10, 1, 1});
  CHECK(state.at("features.7.0.block.3.0.weight") == Shape{320, 1152, 1, 1});
}

TEST_CASE("one forward gives the map and its mean, for even and odd sizes") {
  const auto backbone = make("efficientnet_b0", {{"dropout", 0.0, ""}, {"stochastic_depth", 0.0, ""}});
  torch::NoGradGuard no_grad;
  backbone->eval();
  for (int64_t size : {32, 64, 75}) {
    const Features features =
        backbone->forward(torch::randn({2, 3, size, size}).contiguous(at::MemoryFormat::ChannelsLast));
    const int64_t cells = (size + 31) / 32;
    CHECK(features.map.sizes() == at::IntArrayRef({2, 1280, cells, cells}));
    CHECK(torch::allclose(features.pooled, features.map.mean({2, 3})));
    CHECK(features.map.is_contiguous(at::MemoryFormat::ChannelsLast));
  }
}

TEST_CASE("drop-out and stochastic depth act in training only") {
  const auto backbone = make("efficientnet_b0", {{"dropout", 0.5, ""}, {"stochastic_depth", 0.5, ""}});
  torch::NoGradGuard no_grad;
  const at::Tensor images = torch::randn({4, 3, 32, 32});
  backbone->eval();
  CHECK(torch::equal(backbone->forward(images).pooled, backbone->forward(images).pooled));
  backbone->train();
  torch::manual_seed(1);
  const Features first = backbone->forward(images);
  torch::manual_seed(1);
  CHECK(torch::equal(backbone->forward(images).pooled, first.pooled));
  CHECK_FALSE(torch::equal(backbone->forward(images).map, first.map));
  CHECK((first.pooled == 0).to(at::kFloat).mean().item<double>() == doctest::Approx(0.5).epsilon(0.1));
}

TEST_CASE("weights of TensorFlow want their padding, which the fused kernels do not have") {
  CHECK(make("efficientnet_b0", {{"padding", std::string("same"), ""}})->notes().front() == "kernels of LibTorch");
  CHECK(test::error_of([] {
          make("efficientnet_b0", {{"padding", std::string("same"), ""}, {"kernels", std::string("fused"), ""}});
        }).find("kernels = \"fused\" pad symmetrically; leave it out with padding = \"same\"") != std::string::npos);
}
