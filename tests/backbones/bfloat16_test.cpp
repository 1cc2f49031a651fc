// Activations kept in bfloat16, against the same network in double precision and against LibTorch's autocast.
#include <ATen/autocast_mode.h>
#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>
#include <map>

#include "backbones/efficientnet/kernels/instruction_set.h"
#include "framework/model/autocast.h"
#include "mtl/error.h"
#include "tests/backbones/networks.h"

using namespace mtl;
using namespace mtl::test;

namespace {

std::shared_ptr<Backbone> make(Given options) {
  options.push_back({"dropout", 0.0, ""});
  options.push_back({"stochastic_depth", 0.0, ""});
  return make_network("efficientnet_b0", std::move(options));
}

/// The pooled features and the parameters' gradients of one training pass.
std::map<std::string, at::Tensor> pass_over(const Backbone& origin, Given options, const at::Tensor& images,
                                            at::ScalarType type, bool autocast) {
  const auto backbone = make(std::move(options));
  backbone->to(type);
  {
    const torch::NoGradGuard no_grad;
    for (const auto& item : origin.named_parameters()) backbone->named_parameters()[item.key()].copy_(item.value());
  }
  backbone->train();
  at::Tensor pooled;
  {
    const AutocastScope scope(at::kCPU, autocast ? std::optional(at::kBFloat16) : std::nullopt);
    pooled = backbone->forward(images.to(type).contiguous(at::MemoryFormat::ChannelsLast)).pooled;
  }
  pooled.to(type).pow(2).sum().backward();
  std::map<std::string, at::Tensor> results{{"pooled", pooled.detach()}};
  for (const auto& item : backbone->named_parameters()) results[item.key()] = item.value().grad();
  return results;
}

/// The root mean square of the relative errors. A bias whose channels go through nothing but a batch-norm afterwards
/// has no gradient: what is found there is rounding, and left out.
double error_of(const std::map<std::string, at::Tensor>& found, const std::map<std::string, at::Tensor>& exact) {
  double sum = 0;
  int64_t count = 0;
  for (const auto& [name, expected] : exact) {
    const double size = expected.norm().item<double>();
    const double error = (found.at(name).to(at::kDouble) - expected).norm().item<double>();
    INFO(name);
    REQUIRE(std::isfinite(error));
    if (size < 1e-9) continue;
    sum += error * error / (size * size);
    ++count;
  }
  REQUIRE(count > 100);
  return std::sqrt(sum / static_cast<double>(count));
}

}  // namespace

TEST_CASE("bfloat16 storage has smaller errors than LibTorch's bfloat16, in every instruction set") {
  torch::manual_seed(1);
  const auto origin = make({{"kernels", "reference", ""}});
  for (const auto& [height, width] : {std::pair<int64_t, int64_t>{64, 64}, {33, 47}}) {
    const at::Tensor images = torch::randn({4, 3, height, width});
    const auto exact = pass_over(*origin, {{"kernels", "reference", ""}}, images, at::kDouble, false);
    const double eager = error_of(pass_over(*origin, {{"kernels", "reference", ""}}, images, at::kFloat, true), exact);
    for (const std::string& set : efficientnet::kernels::instruction_sets()) {
      CAPTURE(set);
      const auto found =
          pass_over(*origin, {{"kernels", "fused", ""}, {"instruction_set", set, ""}, {"precision", "bfloat16", ""}},
                    images, at::kFloat, false);
      CHECK(error_of(found, exact) < eager);
      CHECK((found.at("pooled").scalar_type() == at::kFloat));
      CHECK((found.at("features.0.0.weight").scalar_type() == at::kFloat));
    }
  }
}

TEST_CASE("precision = auto follows autocast, float32 does not") {
  torch::manual_seed(2);
  const auto origin = make({{"kernels", "reference", ""}});
  const at::Tensor images = torch::randn({2, 3, 40, 40});
  const auto pooled = [&](const char* precision, bool autocast) {
    return pass_over(*origin, {{"kernels", "fused", ""}, {"precision", precision, ""}}, images, at::kFloat, autocast)
        .at("pooled");
  };
  const at::Tensor wide = pooled("float32", false), narrow = pooled("bfloat16", false);
  CHECK_FALSE(wide.equal(narrow));
  CHECK(pooled("auto", false).equal(wide));
  CHECK(pooled("auto", true).equal(narrow));
  CHECK(pooled("float32", true).equal(wide));
  CHECK(pooled("bfloat16", true).equal(narrow));
}

TEST_CASE("bfloat16 is refused where there are no fused kernels") {
  CHECK_THROWS_WITH_AS(make({{"kernels", "reference", ""}, {"precision", "bfloat16", ""}}),
                       doctest::Contains("set train.precision"), Error);
  const auto backbone = make({{"precision", "bfloat16", ""}});
  CHECK_THROWS_WITH_AS(backbone->forward(torch::randn({2, 3, 32, 32}, at::kDouble)),
                       doctest::Contains("take float32 images on the CPU"), Error);
}
