#include "framework/train/loss_scaler.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <limits>

using namespace mtl;

namespace {

std::vector<NamedTensor> with_gradient(float value) {
  const at::Tensor weight = torch::zeros({2}, torch::requires_grad());
  weight.mutable_grad() = torch::full({2}, value);
  return {{"w", weight}};
}

}  // namespace

TEST_CASE("gradients are divided by the scale") {
  LossScaler scaler(true);
  const auto parameters = with_gradient(65536);
  CHECK(scaler.unscale(parameters));
  CHECK(parameters[0].tensor.grad()[0].item<float>() == 1);
}

TEST_CASE("an infinite gradient halves the scale and leaves the step out") {
  LossScaler scaler(true);
  CHECK_FALSE(scaler.unscale(with_gradient(std::numeric_limits<float>::infinity())));
  CHECK(scaler.scale() == 32768);
  CHECK_FALSE(scaler.unscale(with_gradient(std::numeric_limits<float>::quiet_NaN())));
  CHECK(scaler.scale() == 16384);
}

TEST_CASE("2000 good steps in a row double the scale") {
  LossScaler scaler(true);
  for (int i = 0; i < 1999; ++i) scaler.unscale(with_gradient(1));
  CHECK(scaler.scale() == 65536);
  scaler.unscale(with_gradient(1));
  CHECK(scaler.scale() == 131072);
}

TEST_CASE("switched off it changes nothing") {
  LossScaler scaler(false);
  const auto parameters = with_gradient(std::numeric_limits<float>::infinity());
  CHECK(scaler.unscale(parameters));
  CHECK(scaler.scale() == 1);
}
