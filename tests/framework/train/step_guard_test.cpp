#include "framework/train/step_guard.h"

#include <doctest/doctest.h>

#include <limits>

#include "tests/framework/train/small_training.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using namespace mtl::test;

namespace {

constexpr float not_a_number = std::numeric_limits<float>::quiet_NaN();

/// Keeps what it is told.
class Listener : public Silent {
 public:
  void step_skipped(const std::string& sentence) override { sentences.push_back(sentence); }
  void epoch_done(const EpochResult& result, const std::vector<NamedTensor>&) override { epochs.push_back(result); }
  std::vector<std::string> sentences;
  std::vector<EpochResult> epochs;
};

struct Outcome {
  std::vector<NamedTensor> state;
  Listener listener;
  std::string error;
};

/// Trains one epoch on these batches; plain SGD at a constant rate, so that leaving a batch out leaves no trace.
Outcome train(RandomBatches& batches, int64_t most_bad_steps = 10) {
  const OneThread one_thread;
  MultiTaskModel model = make_model("fused");
  model.to(torch::kCPU);
  FixedWeights weighting;
  RandomBatches validation(1);
  TrainSettings settings;
  settings.epochs = 1;
  settings.ema_decay = 0.9;
  settings.optimizer.kind = "sgd";
  settings.schedule.kind = "constant";
  settings.schedule.warmup_epochs = 0;
  settings.most_bad_steps = most_bad_steps;
  Outcome outcome;
  outcome.error =
      error_of([&] { Trainer(two_tasks(model, weighting, batches, validation), settings, outcome.listener).run(); });
  outcome.state = model.state();
  return outcome;
}

}  // namespace

TEST_CASE("a step with a picture of NaN leaves no trace, and its pictures and tasks are named") {
  RandomBatches sound(3), spoilt(3);
  sound.all().resize(2);
  spoilt.all()[2].images[1].fill_(not_a_number);  // the last: drop-out draws by the batch's number
  const Outcome without = train(sound), with = train(spoilt);
  CHECK(without.error.empty());
  CHECK(with.error.empty());
  for (size_t i = 0; i < with.state.size(); ++i)
    CHECK_MESSAGE(with.state[i].tensor.equal(without.state[i].tensor), with.state[i].name);
  REQUIRE(with.listener.epochs.size() == 1);
  CHECK(with.listener.epochs[0].skipped_steps == 1);
  CHECK(without.listener.epochs[0].skipped_steps == 0);
  CHECK(with.listener.epochs[0].train_losses == without.listener.epochs[0].train_losses);
  REQUIRE(with.listener.sentences.size() == 1);
  // Batch-norm carries one picture's NaN to all of its batch.
  CHECK(
      with.listener.sentences[0] ==
      "the loss of task 'C' is nan in epoch 1, batch 3, with 'image 8', 'image 9', 'image 10', 'image 11'; the step is "
      "left out");
}

TEST_CASE("training ends after so many bad steps in a row, not after as many apart") {
  RandomBatches apart(6), together(6);
  for (const size_t i : {0, 2, 4}) apart.all()[i].images.fill_(not_a_number);
  for (const size_t i : {1, 2, 3}) together.all()[i].images.fill_(not_a_number);
  CHECK(train(apart, 2).error.empty());
  CHECK(train(together, 4).error.empty());
  const Outcome ended = train(together, 3);
  CHECK(ended.error.find("the last 3 steps had to be left out: the loss of task 'C' is nan and the loss of task 'B' is "
                         "nan in epoch 1, batch 4, with 'image 12', ") == 0);
  CHECK(ended.error.find("at a learning rate of 0.001; lower train.optimizer.learning_rate") != std::string::npos);
  CHECK(ended.listener.sentences.size() == 3);
  RandomBatches never(6);
  for (Batch& batch : never.all()) batch.images.fill_(not_a_number);
  CHECK(train(never, 3).error.find("before any step was taken: its loss() or its labels are at fault") !=
        std::string::npos);
}

TEST_CASE("where the losses are finite and a gradient is not, the first parameter on the way back is named") {
  MultiTaskModel model = make_model("fused");
  StepGuard guard(model);
  guard.begin();
  guard.add({3, 4},
            {{torch::ones({2}), torch::ones({2})}, {torch::ones({2}, torch::kBool), torch::zeros({2}, torch::kBool)}},
            torch::ones({}));
  CHECK(guard.losses_are_finite());
  const std::vector<NamedTensor> parameters = model.parameters();
  for (const NamedTensor& named : parameters) named.tensor.mutable_grad() = torch::zeros_like(named.tensor);
  for (const size_t i : {size_t{0}, size_t{5}}) parameters[i].tensor.mutable_grad().fill_(not_a_number);
  const BadStep bad = guard.explain();
  CHECK(bad.heads.empty());
  CHECK(bad.parameter == parameters[5].name);
  CHECK(bad.rows == std::vector<size_t>{3, 4});
  CHECK(sentence_of(bad, {"a", "b"}) ==
        "the gradient of '" + parameters[5].name + "' is no finite number in epoch 0, batch 0, with 'a', 'b'");
}

TEST_CASE("an unlabelled sample's loss is nobody's fault, and an infinite one is told as such") {
  MultiTaskModel model = make_model("fused");
  StepGuard guard(model);
  guard.begin();
  const float infinite = std::numeric_limits<float>::infinity();
  guard.add({7, 8, 9},
            {{torch::tensor({not_a_number, 1.0F, infinite}), torch::zeros({3})},
             {torch::tensor({false, true, true}), torch::ones({3}, torch::kBool)}},
            torch::full({}, infinite));
  CHECK_FALSE(guard.losses_are_finite());
  const BadStep bad = guard.explain();
  CHECK(bad.values == std::vector<std::string>{"inf"});
  CHECK(bad.rows == std::vector<size_t>{9});
}
