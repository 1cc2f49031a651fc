#include "framework/train/task_gradients.h"

#include <doctest/doctest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>

#include "framework/support/random.h"
#include "tests/framework/train/small_training.h"

using namespace mtl;
using namespace mtl::test;
using doctest::Approx;

namespace {

TaskLoss loss_of(const at::Tensor& mean, bool any_labelled = true) {
  return {mean.reshape({1}), torch::full({1}, any_labelled), mean, any_labelled};
}

/// As the engine asks for them: a backward pass of a task's own, through a graph that is kept.
GradientOf gradients_of(const std::vector<TaskLoss>& losses, const std::vector<at::Tensor>& shared) {
  return [&losses, shared](size_t k) -> std::vector<at::Tensor> {
    if (!losses[k].any_labelled || !losses[k].mean.requires_grad() || shared.empty()) return {};
    return torch::autograd::grad({losses[k].mean}, shared, {}, true, false, true);
  };
}

struct Numbers {
  std::vector<double> norms, cosines;
};

Numbers numbers(const TaskGradients& gradients) {
  Numbers numbers;
  for (const at::Tensor& norm : gradients.norms) numbers.norms.push_back(norm.item<double>());
  for (const at::Tensor& cosine : gradients.cosines) numbers.cosines.push_back(cosine.item<double>());
  return numbers;
}

/// All parameters' own gradients after one another; zeros where there is none.
at::Tensor own_gradients(const std::vector<at::Tensor>& parameters) {
  std::vector<at::Tensor> parts;
  for (const at::Tensor& parameter : parameters)
    parts.push_back((parameter.grad().defined() ? parameter.grad() : torch::zeros_like(parameter)).flatten());
  return torch::cat(parts).to(torch::kDouble);
}

/// Two shared layers and a head of one output for each of three tasks, in double precision.
struct SmallNet {
  SmallNet() {
    torch::manual_seed(7);
    const auto options = torch::dtype(torch::kDouble).requires_grad(true);
    shared = {torch::randn({6, 5}, options), torch::randn({5}, options), torch::randn({5, 4}, options)};
    for (int k = 0; k < 3; ++k) heads.push_back(torch::randn({4}, options));
    x = torch::randn({8, 6}, torch::kDouble);
    y = torch::randn({3, 8}, torch::kDouble);
  }
  at::Tensor loss(int64_t task) const {
    const at::Tensor features = torch::tanh(torch::tanh(x.mm(shared[0]) + shared[1]).mm(shared[2]));
    return (features.mv(heads[static_cast<size_t>(task)]) - y[task]).square().mean();
  }
  std::vector<at::Tensor> shared, heads;
  at::Tensor x, y;
};

struct Trained {
  EpochResult last;
  std::vector<NamedTensor> state;
};

Trained train(const std::string& kernels, const TrainSettings& settings) {
  MultiTaskModel model = make_model(kernels);
  model.to(torch::kCPU);
  FixedWeights weighting;
  RandomBatches batches(6), validation(1);
  Silent observer;
  Trainer trainer(two_tasks(model, weighting, batches, validation), settings, observer);
  const TrainingOutcome outcome = trainer.run();
  return {outcome.epochs.back(), model.state()};
}

TrainSettings settings_with(int64_t gradient_batches) {
  TrainSettings settings;
  settings.epochs = 2;
  settings.accumulate = 2;
  settings.gradient_batches = gradient_batches;
  return settings;
}

}  // namespace

TEST_CASE("gradients worked by hand: norms, cosines, opposed tasks, parameters that a task does not reach") {
  const at::Tensor w = torch::tensor({0.5, -0.25}, torch::dtype(torch::kDouble).requires_grad(true));
  const at::Tensor u = torch::tensor({0.125}, torch::dtype(torch::kDouble).requires_grad(true));
  const at::Tensor main = 3 * w[0] + 4 * w[1];
  const std::vector<TaskLoss> losses{loss_of(main), loss_of(5 * w[0]), loss_of(-2 * main), loss_of(2 * u.sum())};
  const Numbers found = numbers(task_gradients(4, 0, gradients_of(losses, {w, u}), torch::kCPU));
  const std::vector<double> norms{5, 5, 10, 2}, cosines{1, 0.6, -1, 0};
  for (size_t k = 0; k < norms.size(); ++k) {
    CHECK(found.norms[k] == Approx(norms[k]).epsilon(1e-14));
    CHECK(found.cosines[k] == Approx(cosines[k]).epsilon(1e-14));
  }
  CHECK_FALSE(w.grad().defined());
}

TEST_CASE("the same as a backward pass of its own for each task, in a network that is otherwise untouched") {
  std::vector<at::Tensor> alone;
  for (int64_t k = 0; k < 3; ++k) {
    const SmallNet net;
    net.loss(k).backward();
    alone.push_back(own_gradients(net.shared));
  }
  const SmallNet net;
  const std::vector<TaskLoss> losses{loss_of(net.loss(0)), loss_of(net.loss(1)), loss_of(net.loss(2))};
  constexpr size_t main_task = 1;
  const Numbers found = numbers(task_gradients(3, main_task, gradients_of(losses, net.shared), torch::kCPU));
  for (size_t k = 0; k < alone.size(); ++k) {
    const auto norm = alone[k].norm().item<double>();
    CHECK(found.norms[k] == Approx(norm).epsilon(1e-12));
    CHECK(found.cosines[k] ==
          Approx(alone[k].dot(alone[main_task]).item<double>() / (norm * alone[main_task].norm().item<double>()))
              .epsilon(1e-12));
  }
  (losses[0].mean + losses[1].mean + losses[2].mean).backward();
  CHECK(torch::allclose(own_gradients(net.shared), alone[0] + alone[1] + alone[2], 1e-12, 1e-12));
}

TEST_CASE("NaN for a task without a label, without a way to the shared part, or where that does not learn") {
  const SmallNet net;
  const at::Tensor own = torch::ones({2}, torch::dtype(torch::kDouble).requires_grad(true));
  const std::vector<TaskLoss> losses{loss_of(net.loss(0)), loss_of(net.loss(1) * 0, false), loss_of(own.sum()),
                                     loss_of(torch::ones({}, torch::kDouble))};
  const Numbers found = numbers(task_gradients(4, 0, gradients_of(losses, net.shared), torch::kCPU));
  CHECK(found.cosines[0] == Approx(1));
  for (size_t k = 1; k < losses.size(); ++k) {
    CHECK(std::isnan(found.norms[k]));
    CHECK(std::isnan(found.cosines[k]));
  }
  const Numbers without_main = numbers(task_gradients(4, 1, gradients_of(losses, net.shared), torch::kCPU));
  CHECK(without_main.norms[0] == found.norms[0]);
  CHECK(std::isnan(without_main.cosines[0]));
  CHECK(std::isnan(numbers(task_gradients(4, 0, gradients_of(losses, {}), torch::kCPU)).norms[0]));
}

TEST_CASE("a step's Gramian gives the same figures, and how often a task opposes the main one") {
  GradientMeter meter(3, 0, 0, torch::kCPU);
  meter.add({4, -3, 0, -3, 9, 0, 0, 0, 0}, {true, true, false});
  meter.add({4, 6, 2, 6, 9, 0, 2, 0, 1}, {true, true, true});
  EpochResult result;
  meter.write_to(result);
  CHECK(result.gradient_norms == std::vector<double>{2, 3, 1});
  CHECK(result.gradient_cosines == std::vector<double>{1, 0.25, 1});
  CHECK(result.gradient_conflicts == std::vector<double>{0, 0.5, 0});
}

TEST_CASE("the measured batches are spread evenly over the epoch") {
  const auto due = [&](int64_t measured, int64_t batches) {
    const GradientMeter meter(2, 0, measured, torch::kCPU);
    std::vector<int64_t> indices;
    for (int64_t i = 0; i < batches; ++i)
      if (meter.is_due(i, batches)) indices.push_back(i);
    return indices;
  };
  CHECK(due(0, 4).empty());
  CHECK(due(1, 4) == std::vector<int64_t>{3});
  CHECK(due(2, 7) == std::vector<int64_t>{3, 6});
  CHECK(due(1'000'000, 3) == std::vector<int64_t>{0, 1, 2});
}

TEST_CASE("measuring changes no weight by a bit, and gives cosines of every task") {
  const OneThread one;
  for (const char* kernels : {"fused", "reference"}) {
    CAPTURE(kernels);
    const Trained off = train(kernels, settings_with(0)), on = train(kernels, settings_with(4));
    CHECK(off.last.gradient_norms.empty());
    CHECK(off.last.gradient_cosines.empty());
    REQUIRE(on.last.gradient_norms.size() == 2);
    REQUIRE(on.last.gradient_cosines.size() == 2);
    CHECK(on.last.gradient_norms[0] > 0);
    CHECK(on.last.gradient_norms[1] > 0);
    CHECK(on.last.gradient_cosines[0] == Approx(1).epsilon(1e-12));
    CHECK(std::abs(on.last.gradient_cosines[1]) < 1);
    for (size_t i = 0; i < off.state.size(); ++i)
      CHECK_MESSAGE(off.state[i].tensor.equal(on.state[i].tensor), off.state[i].name);
  }
}

TEST_CASE("an epoch's values are the means over the measured batches that have labels") {
  const OneThread one;
  for (const char* kernels : {"fused", "reference"}) {
    CAPTURE(kernels);
    TrainSettings settings = settings_with(4);
    settings.epochs = 1;
    settings.optimizer.learning_rate = 0;
    const EpochResult found = train(kernels, settings).last;

    // The weights stay as they are, so each batch's gradients can be computed apart: 4 of 6 are batches 1, 2, 4 and 5,
    // and batches 2 and 5 have no label of the second task.
    MultiTaskModel model = make_model(kernels);
    model.to(torch::kCPU);
    model.train();
    const RandomBatches batches(6);
    std::vector<double> norms(2);
    double cosine = 0;
    for (const size_t i : {1, 2, 4, 5}) {
      std::vector<at::Tensor> gradients;
      for (size_t k = 0; k < 2; ++k) {
        model.backbone().zero_grad();
        const auto outputs = model.forward(batches.all()[i].images, derive_seed(seed, "step", {i}));
        task_losses(model.heads(), outputs, batches.all()[i])[k].mean.backward();
        gradients.push_back(own_gradients(model.backbone().parameters()));
      }
      const auto main = gradients[0].norm().item<double>(), other = gradients[1].norm().item<double>();
      norms[0] += main / 4;
      if (!batches.all()[i].any_labelled[1]) continue;
      norms[1] += other / 2;
      cosine += gradients[0].dot(gradients[1]).item<double>() / (main * other) / 2;
    }
    CHECK(found.gradient_norms[0] == Approx(norms[0]).epsilon(1e-5));
    CHECK(found.gradient_norms[1] == Approx(norms[1]).epsilon(1e-5));
    CHECK(found.gradient_cosines[1] == Approx(cosine).epsilon(1e-5));
  }
}

TEST_CASE("a backbone that does not learn has no gradient to measure") {
  TrainSettings settings = settings_with(2);
  settings.fine_tuning.freeze_stages = -1;
  const OneThread one;
  const EpochResult found = train("fused", settings).last;
  REQUIRE(found.gradient_norms.size() == 2);
  for (size_t k = 0; k < 2; ++k) {
    CHECK(std::isnan(found.gradient_norms[k]));
    CHECK(std::isnan(found.gradient_cosines[k]));
  }
}
