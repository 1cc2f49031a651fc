#include "framework/train/optimizer.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>
#include <limits>
#include <memory>

#include "framework/train/fused_optimizer.h"
#include "framework/train/torch_optimizer.h"
#include "mtl/error.h"

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
    make_optimizer(settings(kind), all)->step(0.1);
    CHECK(all[0].tensor.max().item<double>() < 1);
    CHECK(all[1].tensor.equal(torch::ones({2})));
  }
}

TEST_CASE("AdamW's decay is decoupled: w (1 - lr decay) where the gradient is zero") {
  auto all = parameters();
  make_optimizer(settings("adamw"), all)->step(0.1);
  CHECK(all[0].tensor[0][0].item<double>() == doctest::Approx(1 - 0.1 * 0.5));
}

TEST_CASE("SGD with momentum, by hand") {
  auto all = parameters();
  OptimizerSettings s = settings("sgd");
  s.weight_decay = 0;
  const auto optimizer = make_optimizer(s, all);
  all[1].tensor.mutable_grad().fill_(1);
  optimizer->step(0.1);  // velocity 1
  optimizer->step(0.1);  // velocity 1.9
  CHECK(all[1].tensor[0].item<double>() == doctest::Approx(1 - 0.1 - 0.19));
}

TEST_CASE("the step's learning rate is the one that counts") {
  auto all = parameters();
  make_optimizer(settings("adamw"), all)->step(0.2);
  CHECK(all[0].tensor[0][0].item<double>() == doctest::Approx(1 - 0.2 * 0.5));
}

namespace {

/// A convolution in channels-last, a matrix of several stretches with a rest, a vector and a scalar.
std::vector<NamedTensor> varied_parameters() {
  torch::manual_seed(3);
  std::vector<NamedTensor> all{{"convolution", torch::randn({5, 4, 3, 3}).contiguous(at::MemoryFormat::ChannelsLast)},
                               {"matrix", torch::randn({211, 313})},
                               {"vector", torch::randn({37})},
                               {"scalar", torch::randn({})}};
  for (NamedTensor& named : all) named.tensor.set_requires_grad(true);
  return all;
}

/// Gradients of that step; in every third step the vector has none, and the convolution's lie in another order.
void set_gradients(const std::vector<NamedTensor>& all, int step) {
  for (const NamedTensor& named : all) {
    torch::manual_seed(100 * step + named.tensor.dim());
    const at::Tensor gradient = torch::randn(named.tensor.sizes());
    named.tensor.mutable_grad() = named.name == "vector" && step % 3 == 1 ? at::Tensor() : gradient;
  }
}

double relative_distance(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).abs().max() / b.abs().max()).item<double>();
}

std::vector<OptimizerSettings> all_kinds() {
  std::vector<OptimizerSettings> kinds;
  for (const char* kind : {"sgd", "adam", "adamw", "rmsprop"})
    for (const double momentum : {0.0, 0.9}) {
      OptimizerSettings s = settings(kind);
      s.weight_decay = 0.01;
      s.epsilon = 1e-4;  // a gradient that the decay cancels but for rounding is else blown up to a full step
      s.momentum = momentum;
      kinds.push_back(s);
    }
  kinds.push_back(kinds[1]);
  kinds.back().nesterov = true;
  return kinds;
}

}  // namespace

TEST_CASE("the fused rules follow LibTorch's to 1e-6") {
  for (const OptimizerSettings& s : all_kinds()) {
    CAPTURE(s.kind);
    CAPTURE(s.momentum);
    CAPTURE(s.nesterov);
    const auto ours = varied_parameters(), theirs = varied_parameters();
    REQUIRE(FusedOptimizer::takes(ours));
    FusedOptimizer fused(s, ours);
    TorchOptimizer reference(s, theirs);
    for (int step = 0; step < 25; ++step) {
      set_gradients(ours, step);
      set_gradients(theirs, step);
      const double rate = 0.01 / (1 + step);
      fused.clip(50);
      reference.clip(50);
      fused.step(rate);
      reference.step(rate);
    }
    for (size_t i = 0; i < ours.size(); ++i) {
      CAPTURE(ours[i].name);
      CHECK(relative_distance(ours[i].tensor.detach(), theirs[i].tensor.detach()) < 1e-6);
    }
  }
}

TEST_CASE("an optimizer goes on from another's state to the same bits") {
  for (const OptimizerSettings& s : all_kinds()) {
    CAPTURE(s.kind);
    CAPTURE(s.momentum);
    for (const bool is_fused : {true, false}) {
      CAPTURE(is_fused);
      const auto make = [&](const std::vector<NamedTensor>& of) -> std::unique_ptr<Optimizer> {
        if (is_fused) return std::make_unique<FusedOptimizer>(s, of);
        return std::make_unique<TorchOptimizer>(s, of);
      };
      const auto steps = [](Optimizer& optimizer, const std::vector<NamedTensor>& of, int from, int to) {
        for (int step = from; step < to; ++step) {
          set_gradients(of, step);
          optimizer.step(0.01);
        }
      };
      const auto whole = varied_parameters(), parts = varied_parameters();
      const auto undisturbed = make(whole), first = make(parts);
      steps(*undisturbed, whole, 0, 9);
      steps(*first, parts, 0, 5);
      std::vector<NamedTensor> kept;
      for (const NamedTensor& named : first->state()) kept.push_back({named.name, named.tensor.clone()});
      const auto second = make(parts);
      second->load_state(kept);
      steps(*second, parts, 5, 9);
      for (size_t i = 0; i < whole.size(); ++i) CHECK_MESSAGE(whole[i].tensor.equal(parts[i].tensor), whole[i].name);
      if (kept.empty()) continue;  // plain SGD remembers nothing
      CHECK_THROWS_AS(make(varied_parameters())->load_state({{"no such", torch::ones({1})}}), Error);
    }
  }
}

TEST_CASE("a gradient that is no finite number has no finite norm, and is not clipped") {
  for (const float bad : {std::numeric_limits<float>::quiet_NaN(), std::numeric_limits<float>::infinity()})
    for (const bool is_fused : {true, false}) {
      const auto all = varied_parameters();
      set_gradients(all, 1);
      all[0].tensor.mutable_grad().flatten()[3] = bad;
      const at::Tensor before = all[1].tensor.grad().clone();
      std::unique_ptr<Optimizer> optimizer;
      if (is_fused)
        optimizer = std::make_unique<FusedOptimizer>(settings("sgd"), all);
      else
        optimizer = std::make_unique<TorchOptimizer>(settings("sgd"), all);
      CHECK_FALSE(std::isfinite(optimizer->clip(1)));
      CHECK(all[1].tensor.grad().equal(before));
    }
}

TEST_CASE("clipping shortens all gradients together, and only where they are too long") {
  const auto all = varied_parameters();
  FusedOptimizer optimizer(settings("sgd"), all);
  const auto norm = [&] {
    double squares = 0;
    for (const NamedTensor& named : all)
      if (named.tensor.grad().defined()) squares += named.tensor.grad().to(at::kDouble).square().sum().item<double>();
    return std::sqrt(squares);
  };
  set_gradients(all, 1);
  const double before = norm();
  optimizer.clip(before * 1.001);
  CHECK(norm() == doctest::Approx(before).epsilon(1e-9));
  optimizer.clip(2);
  CHECK(norm() == doctest::Approx(2).epsilon(1e-6));
}

TEST_CASE("a step is noted as a change, and takes no gradient along") {
  const auto all = parameters();
  FusedOptimizer optimizer(settings("adam"), all);
  const auto before = all[0].tensor._version();
  optimizer.step(0.1);
  CHECK(all[0].tensor._version() > before);
  optimizer.zero_grad();
  CHECK_FALSE(all[0].tensor.grad().defined());
  const at::Tensor still = all[0].tensor.detach().clone();
  optimizer.step(0.1);
  CHECK(all[0].tensor.equal(still));
}

TEST_CASE("the fused rules leave to LibTorch what they do not know") {
  const at::Tensor plain = torch::ones({4, 4});
  CHECK(FusedOptimizer::takes({{"plain", plain}}));
  CHECK_FALSE(FusedOptimizer::takes({{"plain", plain}, {"double", plain.to(at::kDouble)}}));
  CHECK_FALSE(FusedOptimizer::takes({{"with gaps", plain.slice(1, 0, 2)}}));
}
