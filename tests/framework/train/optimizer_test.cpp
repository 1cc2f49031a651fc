#include "framework/train/optimizer.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

using namespace mtl;

namespace {

std::vector<NamedTensor> parameters() {
  std::vector<NamedTensor> all{{"weight", torch::ones({2, 2}, torch::requires_grad())},
                               {"bias", torch::ones({2}, torch::requires_grad())}};
  for (NamedTensor& named : all) named.tensor.mutable_grad() = torch::zeros_like(named.tensor);
  return all;
}

OptimizerSettings settings(const char* kind) {
  OptimizerSettings s;
  s.kind = kind;
  s.learning_rate = 0.1;
  s.weight_decay = 0.5;
  return s;
}

}  // namespace

TEST_CASE("weights decay, biases do not") {
  for (const char* kind : {"sgd", "adam", "adamw", "rmsprop"}) {
    CAPTURE(kind);
    auto all = parameters();
    make_optimizer(settings(kind), all)->step();
    CHECK(all[0].tensor.max().item<double>() < 1);
    CHECK(all[1].tensor.equal(torch::ones({2})));
  }
}

TEST_CASE("AdamW's decay is decoupled: w (1 - lr decay) where the gradient is zero") {
  auto all = parameters();
  make_optimizer(settings("adamw"), all)->step();
  CHECK(all[0].tensor[0][0].item<double>() == doctest::Approx(1 - 0.1 * 0.5));
}

TEST_CASE("SGD with momentum, by hand") {
  auto all = parameters();
  OptimizerSettings s = settings("sgd");
  s.weight_decay = 0;
  const auto optimizer = make_optimizer(s, all);
  all[1].tensor.mutable_grad().fill_(1);
  optimizer->step();  // velocity 1
  optimizer->step();  // velocity 1.9
  CHECK(all[1].tensor[0].item<double>() == doctest::Approx(1 - 0.1 - 0.19));
}

TEST_CASE("the learning rate can be set") {
  auto all = parameters();
  const auto optimizer = make_optimizer(settings("adamw"), all);
  set_learning_rate(*optimizer, 0.2);
  optimizer->step();
  CHECK(all[0].tensor[0][0].item<double>() == doctest::Approx(1 - 0.2 * 0.5));
}
