#include "framework/train/shared_gradient.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>

#include "framework/support/random.h"
#include "mtl/error.h"
#include "tests/framework/train/small_training.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using namespace mtl::test;
using doctest::Approx;

namespace {

/// Asks for whatever it is told to, answers with fixed weights, and keeps what it was shown.
class Recorder : public LossWeighting {
 public:
  Recorder(WeightingNeeds needs, std::vector<double> answer) : needs_(needs), answer_(std::move(answer)) {}
  WeightingNeeds needs() const override { return needs_; }
  std::vector<double> weights(const WeightingStep& step) override {
    steps.push_back(step);
    return answer_;
  }
  at::Tensor combine(const WeightingStep& step, const std::vector<at::Tensor>& gradients) override {
    at::Tensor sum;
    for (size_t k = 0; k < gradients.size(); ++k) {
      CHECK(gradients[k].defined() == step.labelled[k]);
      if (gradients[k].defined()) sum = sum.defined() ? sum + answer_[k] * gradients[k] : answer_[k] * gradients[k];
    }
    return sum;
  }
  void look_back(const WeightingStep& before, const std::vector<double>& losses) override {
    CHECK(before.losses.size() == losses.size());
    after.push_back(losses);
  }
  std::vector<WeightingStep> steps;
  std::vector<std::vector<double>> after;

 private:
  WeightingNeeds needs_;
  std::vector<double> answer_;
};

struct How {
  std::string over = "backbone", kernels = "fused", normalize = "none";
  int64_t accumulate = 1, batches = 3;
  double learning_rate = 0;
  std::string precision = "float32";
  int64_t freeze_stages = 0;
};

const std::vector<double> static_weights{1, 0.5};

/// An epoch of plain SGD.
std::vector<NamedTensor> train(LossWeighting& weighting, const How& how, std::vector<EpochResult>* epochs = nullptr) {
  const OneThread one_thread;
  MultiTaskModel model = make_model(how.kernels);
  model.to(torch::kCPU);
  RandomBatches batches(how.batches), validation(1);
  Silent observer;
  TrainSettings settings;
  settings.epochs = 1;
  settings.accumulate = how.accumulate;
  settings.precision = how.precision;
  settings.optimizer.kind = "sgd";
  settings.optimizer.momentum = 0;
  settings.optimizer.weight_decay = 0;
  settings.optimizer.learning_rate = how.learning_rate;
  settings.schedule.kind = "constant";
  settings.schedule.warmup_epochs = 0;
  settings.fine_tuning.freeze_stages = how.freeze_stages;
  const TrainingOutcome outcome =
      Trainer(two_tasks(model, weighting, batches, validation, how.normalize, how.over), settings, observer).run();
  if (epochs) *epochs = outcome.epochs;
  std::vector<NamedTensor> state;
  for (const NamedTensor& named : model.state()) state.push_back({named.name, named.tensor.detach().clone()});
  return state;
}

bool is_of_head(const NamedTensor& named) { return named.name.rfind("heads.", 0) == 0; }

/// Of each task on batch `i`, over the parameters whose names begin with `prefix`; zeros where it has no label.
std::vector<at::Tensor> gradients_alone(const std::string& kernels, size_t i, const std::string& prefix) {
  const OneThread one_thread;
  std::vector<at::Tensor> all;
  for (size_t k = 0; k < 2; ++k) {
    MultiTaskModel model = make_model(kernels);
    model.to(torch::kCPU);
    model.train();
    RandomBatches batches(3);
    const auto outputs = model.forward(batches.all()[i].images, derive_seed(seed, "step", {i}));
    const auto losses = task_losses(model.heads(), outputs, batches.all()[i]);
    if (losses[k].any_labelled) losses[k].mean.backward();
    std::vector<at::Tensor> parts;
    for (const auto& item : model.backbone().named_parameters())
      if (item.key().rfind(prefix, 0) == 0)
        parts.push_back(
            (item.value().grad().defined() ? item.value().grad() : torch::zeros_like(item.value())).flatten());
    all.push_back(torch::cat(parts).to(torch::kDouble));
  }
  return all;
}

void check_gramian(const std::vector<double>& gramian, const std::vector<at::Tensor>& gradients, double accuracy) {
  REQUIRE(gramian.size() == 4);
  for (size_t a = 0; a < 2; ++a)
    for (size_t b = 0; b < 2; ++b) {
      const double scale = gradients[a].norm().item<double>() * gradients[b].norm().item<double>();
      CHECK(std::abs(gramian[a * 2 + b] - gradients[a].dot(gradients[b]).item<double>()) <= accuracy * scale);
    }
}

WeightingNeeds gramian_needed() {
  WeightingNeeds needs;
  needs.losses = needs.gramian = true;
  return needs;
}

}  // namespace

TEST_CASE("the Gramian is that of each task's own backward pass, with and without fused kernels") {
  for (const char* kernels : {"fused", "reference"}) {
    CAPTURE(kernels);
    for (const auto& [over, prefix] :
         {std::pair<const char*, const char*>{"backbone", ""}, {"last_stage", "features.8"}}) {
      CAPTURE(over);
      Recorder recorder(gramian_needed(), {1, 0.5});
      How how;
      how.kernels = kernels;
      how.over = over;
      train(recorder, how);
      REQUIRE(recorder.steps.size() == 3);
      CHECK(recorder.steps[2].labelled == std::vector<bool>{true, false});
      for (const size_t i : {size_t{0}, size_t{2}})
        check_gramian(recorder.steps[i].gramian, gradients_alone(kernels, i, prefix), 2e-5);
    }
  }
}

TEST_CASE("in double precision the Gramian and the combined gradient are exact to rounding") {
  torch::manual_seed(4);
  const auto options = torch::dtype(torch::kDouble).requires_grad(true);
  const std::vector<at::Tensor> shared{torch::randn({6, 5}, options), torch::randn({5, 4}, options)};
  const std::vector<at::Tensor> heads{torch::randn({4}, options), torch::randn({4}, options),
                                      torch::randn({4}, options)};
  const at::Tensor x = torch::randn({8, 6}, torch::kDouble), y = torch::randn({3, 8}, torch::kDouble);
  const auto features = [&] { return torch::tanh(torch::tanh(x.mm(shared[0])).mm(shared[1])); };
  const auto loss = [&](const at::Tensor& z, size_t k) {
    return (z.mv(heads[k]) - y[static_cast<int64_t>(k)]).square().mean();
  };
  std::vector<at::Tensor> alone;
  for (size_t k = 0; k < 3; ++k) {
    const auto parts = torch::autograd::grad({loss(features(), k)}, shared);
    alone.push_back(torch::cat({parts[0].flatten(), parts[1].flatten()}));
  }
  const FeatureCut cut({at::Tensor(), features()}, 3);
  at::Tensor total = torch::zeros({}, torch::kDouble);
  for (size_t k = 0; k < 3; ++k) total = total + loss(cut.leaves()[k].pooled, k);
  total.backward();
  for (size_t k = 0; k < 3; ++k)
    CHECK(torch::allclose(heads[k].grad(), torch::autograd::grad({loss(features(), k)}, {heads[k]})[0], 1e-13, 1e-14));
  GradientBuffers buffers(shared, 3);
  for (size_t k = 0; k < 3; ++k) buffers.add(k, cut.gradients_by(shared, cut.gradient(k), true), 1);
  const std::vector<double> gramian = buffers.gramian();
  for (size_t a = 0; a < 3; ++a)
    for (size_t b = 0; b < 3; ++b)
      CHECK(gramian[a * 3 + b] == Approx(alone[a].dot(alone[b]).item<double>()).epsilon(1e-12));
  buffers.write(buffers.combine({0.5, -1, 2}), 4);
  const at::Tensor written = torch::cat({shared[0].grad().flatten(), shared[1].grad().flatten()});
  CHECK(torch::allclose(written, 4 * (0.5 * alone[0] - alone[1] + 2 * alone[2]), 1e-12, 1e-13));
}

TEST_CASE("heads learn from their own losses whatever the weighting says of the shared part") {
  How how;
  how.learning_rate = 0.1;
  how.batches = 1;
  FixedWeights fixed;
  const auto plain = train(fixed, how);
  for (const char* over : {"backbone", "last_stage", "features"}) {
    CAPTURE(over);
    how.over = over;
    Recorder recorder(gramian_needed(), {-3, 20});
    const auto other = train(recorder, how);
    bool any_differs = false;
    for (size_t i = 0; i < plain.size(); ++i)
      if (is_of_head(plain[i]))
        CHECK_MESSAGE(plain[i].tensor.equal(other[i].tensor), plain[i].name);
      else
        any_differs |= !plain[i].tensor.equal(other[i].tensor);
    CHECK(any_differs);
  }
}

TEST_CASE("the same weights make the same step, whatever they were found from") {
  How how;
  how.learning_rate = 0.1;
  how.accumulate = 3;  // one step: from the second on rounding grows
  FixedWeights fixed;
  const auto plain = train(fixed, how);
  WeightingNeeds gradients = gramian_needed();
  gradients.gradients = true;
  for (const WeightingNeeds& needs : {gramian_needed(), gradients})
    for (const char* over : {"backbone", "last_stage", "features"}) {
      if (needs.gradients && std::string(over) != "backbone") continue;
      CAPTURE(over);
      How other = how;
      other.over = over;
      Recorder recorder(needs, static_weights);
      const auto state = train(recorder, other);
      for (size_t i = 0; i < plain.size(); ++i)
        CHECK_MESSAGE(torch::allclose(plain[i].tensor, state[i].tensor, 1e-4, 1e-5), plain[i].name);
      // Over the backbone once for the step, else once for each batch.
      CHECK(recorder.steps.size() == (std::string(over) == "backbone" ? 1 : 3));
    }
}

TEST_CASE("under accumulation the Gramian is that of the mean over the batches that have a label") {
  How how;
  how.accumulate = 3;
  Recorder recorder(gramian_needed(), {1, 0.5});
  train(recorder, how);
  REQUIRE(recorder.steps.size() == 1);
  std::vector<at::Tensor> sums;
  for (size_t i = 0; i < 3; ++i) {
    const auto alone = gradients_alone("fused", i, "");
    for (size_t k = 0; k < 2; ++k)
      if (i == 0)
        sums.push_back(alone[k] / 3);
      else
        sums[k] += alone[k] / 3;
  }
  check_gramian(recorder.steps[0].gramian, sums, 1e-4);
}

TEST_CASE("autocast, frozen stages and missing labels are weighted too") {
  for (const char* precision : {"float32", "bfloat16"})
    for (const int64_t frozen : {0, 3, -1}) {
      CAPTURE(precision);
      CAPTURE(frozen);
      How how;
      how.precision = precision;
      how.freeze_stages = frozen;
      how.learning_rate = 0.01;
      Recorder recorder(gramian_needed(), {1, 0.5});
      std::vector<EpochResult> epochs;
      train(recorder, how, &epochs);
      CHECK(recorder.steps.size() == (frozen < 0 ? 0 : 3));  // where the heads alone learn nothing is to be weighted
      CHECK(epochs[0].skipped_steps == 0);
      for (const WeightingStep& step : recorder.steps) CHECK(step.gramian[0] > 0);
      if (frozen >= 0) CHECK(recorder.steps[2].gramian[3] == 0);
    }
}

TEST_CASE("weights are normalized, and looking back leaves batch-norm alone") {
  WeightingNeeds needs;
  needs.losses_after = true;
  Recorder recorder(needs, {6, 2});
  How how;
  how.normalize = "sum_to_one";
  std::vector<EpochResult> epochs;
  const auto looked = train(recorder, how, &epochs);
  CHECK(epochs[0].weights == std::vector<double>{0.75, 0.25});
  REQUIRE(recorder.after.size() == 3);
  // Nothing was learned at a rate of 0: the same losses, and the same statistics as without looking.
  for (size_t i = 0; i < 3; ++i)
    for (size_t k = 0; k < 2; ++k) CHECK(recorder.after[i][k] == Approx(recorder.steps[i].losses[k]).epsilon(1e-6));
  Recorder plain({}, {6, 2});
  const auto other = train(plain, how);
  for (size_t i = 0; i < other.size(); ++i) CHECK_MESSAGE(looked[i].tensor.equal(other[i].tensor), other[i].name);
}

TEST_CASE("what a weighting answers wrongly is a sentence") {
  How how;
  const auto said = [&](WeightingNeeds needs, std::vector<double> answer, const std::string& over = "backbone") {
    Recorder recorder(needs, std::move(answer));
    how.over = over;
    return error_of([&] { train(recorder, how); });
  };
  CHECK(said({}, {1, -1}) ==
        "the loss weighting (test) returned weights that are not 2 finite numbers >= 0 with one above 0, in step 0");
  CHECK(said({}, {1}).find("not 2 finite numbers") != std::string::npos);
  CHECK(said(gramian_needed(), {0, 0}).find("with one that is not 0, in step 0") != std::string::npos);
  WeightingNeeds gradients;
  gradients.gradients = true;
  CHECK(said(gradients, {1, 1}, "features").find("goes with weighting.over = \"backbone\" alone") != std::string::npos);
}
