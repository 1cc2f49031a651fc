// A whole EfficientNet with fused kernels against the same network in plain LibTorch and double precision.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include "backbones/efficientnet/kernels/instruction_set.h"
#include "mtl/error.h"
#include "tests/backbones/networks.h"

using namespace mtl;
using namespace mtl::test;

namespace {

std::shared_ptr<Backbone> make(Given options, const std::string& name = "efficientnet_b0") {
  options.push_back({"dropout", 0.0, ""});
  return make_network(name, std::move(options));
}

at::Tensor channels_last(const at::Tensor& images) { return images.contiguous(at::MemoryFormat::ChannelsLast); }

/// Features, gradients and running statistics of a pass over images, all in one list of a fixed order.
struct Pass {
  std::vector<std::string> names;
  std::vector<at::Tensor> values;
};

Pass pass_over(Backbone& backbone, const at::Tensor& images, at::ScalarType type) {
  torch::manual_seed(7);  // stochastic depth draws the same
  const Features features = backbone.forward(channels_last(images.to(type)));
  const at::Tensor weights = torch::linspace(-1, 1, features.map.numel(), type).view(features.map.sizes());
  (features.pooled.pow(2).sum() + (features.map * weights).sum()).backward();
  Pass pass{{"map", "pooled"}, {features.map.detach(), features.pooled.detach()}};
  for (const auto& item : backbone.named_parameters()) {
    if (!item.value().requires_grad()) {
      CHECK_FALSE(item.value().grad().defined());
      continue;
    }
    pass.names.push_back("gradient of " + item.key());
    pass.values.push_back(item.value().grad().clone());
  }
  for (const auto& item : backbone.named_buffers()) {
    pass.names.push_back(item.key());
    pass.values.push_back(item.value().clone());
  }
  backbone.zero_grad();
  return pass;
}

/// Root of the mean square of the tensors' relative errors.
double error_of(const Pass& found, const Pass& exact) {
  double sum = 0;
  for (size_t i = 0; i < exact.values.size(); ++i) {
    REQUIRE(found.values[i].sizes() == exact.values[i].sizes());
    const at::Tensor expected = exact.values[i].to(at::kDouble);
    const double size = std::max(1e-9, expected.norm().item<double>());
    const double error = (found.values[i].to(at::kDouble) - expected).norm().item<double>() / size;
    INFO(exact.names[i]);
    REQUIRE(std::isfinite(error));
    sum += error * error;
  }
  return std::sqrt(sum / static_cast<double>(exact.values.size()));
}

struct Setting {
  std::string name;
  at::IntArrayRef images;
  bool training;
  std::vector<std::string> frozen = {};  ///< modules: no gradients for their parameters, running statistics
};

void freeze(Backbone& backbone, const std::string& module) {
  size_t found = 0;
  for (const auto& item : backbone.named_modules())
    if (item.key() == module) {
      item.value()->eval();
      for (at::Tensor& parameter : item.value()->parameters()) parameter.requires_grad_(false);
      ++found;
    }
  REQUIRE(found == 1);
}

void check_against_double(const Setting& setting) {
  CAPTURE(setting.name);
  CAPTURE(setting.images);
  torch::manual_seed(1);
  const auto origin = make({{"kernels", "reference", ""}}, setting.name);
  settle_statistics(*origin, channels_last(torch::randn({4, 3, 64, 64})));
  const at::Tensor images = torch::randn(setting.images);
  const auto run = [&](Given options, at::ScalarType type) {
    const auto backbone = make(std::move(options), setting.name);
    backbone->to(type);
    copy_state(*origin, *backbone);
    backbone->train(setting.training);
    for (const std::string& module : setting.frozen) freeze(*backbone, module);
    return pass_over(*backbone, images, type);
  };
  const Pass exact = run({{"kernels", "reference", ""}}, at::kDouble);
  const double eager_error = error_of(run({{"kernels", "reference", ""}}, at::kFloat), exact);
  for (const std::string& set : efficientnet::kernels::instruction_sets()) {
    CAPTURE(set);
    const double fused_error =
        error_of(run({{"kernels", "fused", ""}, {"instruction_set", set, ""}}, at::kFloat), exact);
    CHECK(fused_error < 2 * eager_error);
  }
}

}  // namespace

TEST_CASE("training and evaluation, odd sizes, with errors of the size that LibTorch has in float32") {
  check_against_double({"efficientnet_b0", {3, 3, 33, 47}, true});
  check_against_double({"efficientnet_b0", {1, 3, 96, 64}, true});
  check_against_double({"efficientnet_b0", {1, 3, 33, 47}, false});
  check_against_double({"efficientnet_b0", {4, 3, 64, 64}, false});
  check_against_double({"efficientnet_b3", {2, 3, 65, 40}, true});
}

TEST_CASE("frozen stages keep their weights and statistics; those behind them learn as in LibTorch") {
  check_against_double({"efficientnet_b0", {3, 3, 64, 48}, true, {"features.0", "features.1", "features.2"}});
  check_against_double({"efficientnet_b0", {3, 3, 64, 48}, true, {"features.4"}});
}

TEST_CASE("a batch with one value per channel is refused in training, with a sentence") {
  const auto backbone = make({{"kernels", "fused", ""}, {"instruction_set", "portable", ""}});
  backbone->train();
  CHECK_THROWS_WITH_AS(backbone->forward(torch::randn({1, 3, 32, 32})),
                       doctest::Contains("more than one value per channel"), Error);
}

TEST_CASE("what the kernels do not compute goes the reference way, and is refused where they are asked for") {
  const auto automatic = make({{"kernels", "auto", ""}});
  const auto strict = make({{"kernels", "fused", ""}, {"instruction_set", "portable", ""}});
  automatic->eval();
  strict->eval();
  automatic->to(at::kDouble);
  const at::Tensor images = torch::randn({1, 3, 32, 32}, at::kDouble);
  CHECK(automatic->forward(images).map.dtype() == torch::kFloat64);
  CHECK_THROWS_WITH_AS(strict->forward(images), doctest::Contains("\"auto\" takes the reference"), Error);
}

TEST_CASE("pixels that want a gradient get it, whatever kernels are asked for, and pooled is computed from the map") {
  for (const char* kernels : {"auto", "fused", "reference"}) {
    const auto backbone = make({{"kernels", kernels, ""}});
    backbone->eval();
    const at::Tensor images = torch::randn({1, 3, 32, 32}).requires_grad_();
    const Features features = backbone->forward(images);
    const at::Tensor of_map = torch::autograd::grad({features.pooled.sum()}, {features.map}, {}, true).front();
    CHECK(of_map.allclose(torch::full_like(of_map, 1.0 / static_cast<double>(of_map.size(2) * of_map.size(3)))));
    features.pooled.sum().backward();
    CHECK(images.grad().norm().item<double>() > 0);
  }
}

TEST_CASE("what computes is told") {
  CHECK(make({{"kernels", "reference", ""}})->notes() == std::vector<std::string>{"kernels of LibTorch"});
  CHECK(make({{"kernels", "fused", ""}, {"instruction_set", "portable", ""}})->notes().front().find("portable") !=
        std::string::npos);
}
