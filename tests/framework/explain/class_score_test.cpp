#include "framework/explain/class_score.h"

#include <doctest/doctest.h>

#include <cmath>

#include "tests/framework/explain/known_network.h"
#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::contains;
using test::error_of;

namespace {

at::Tensor score_of(const at::Tensor& logits, int64_t index) {
  return log_odds(torch::softmax(logits, 1), torch::tensor({index}));
}

GuardedHead head_with(std::vector<double> weights, bool classifies = true) {
  return {"A", std::make_shared<test::TwoClassHead>(std::move(weights), classifies), "/x.so"};
}

}  // namespace

TEST_CASE("log-odds and their gradient are those of hand and of finite differences") {
  const at::Tensor quarter = torch::tensor({{0.25, 0.5, 0.25}}, at::kDouble);
  CHECK(log_odds(quarter, torch::tensor({int64_t{0}})).item<double>() == doctest::Approx(std::log(1.0 / 3)));
  CHECK(log_odds(quarter, torch::tensor({int64_t{1}})).item<double>() == doctest::Approx(0));

  const at::Tensor logits = torch::tensor({{0.3, -1.2, 0.9}}, at::kDouble).requires_grad_();
  score_of(logits, 2).sum().backward();
  constexpr double step = 1e-6;
  for (int64_t k = 0; k < 3; ++k) {
    const at::Tensor more = logits.detach().clone(), less = logits.detach().clone();
    more[0][k] += step;
    less[0][k] -= step;
    const double slope = (score_of(more, 2).item<double>() - score_of(less, 2).item<double>()) / (2 * step);
    CHECK(logits.grad()[0][k].item<double>() == doctest::Approx(slope).epsilon(1e-6));
  }
}

TEST_CASE("a network that is sure has a score and a gradient all the same") {
  const at::Tensor logits = torch::tensor({{60.0, 0.0, -3.0}}, at::kDouble).requires_grad_();
  CHECK(torch::softmax(logits, 1)[0][0].item<double>() == 1.0);  // 1 - p is 0
  const at::Tensor score = score_of(logits, 0);
  CHECK(score.item<double>() == doctest::Approx(60 - std::log(1 + std::exp(-3.0))).epsilon(1e-12));
  score.sum().backward();
  CHECK(logits.grad()[0][0].item<double>() == doctest::Approx(1));
  CHECK(logits.grad()[0][1].item<double>() == doctest::Approx(-1 / (1 + std::exp(-3.0))));

  const at::Tensor beyond = torch::tensor({{3000.0, 0.0}}, at::kDouble).requires_grad_();  // underflows to (1, 0)
  for (const int64_t index : {0, 1}) {
    const at::Tensor finite = score_of(beyond, index);
    finite.sum().backward();
    CHECK(std::isfinite(finite.item<double>()));
    CHECK(torch::isfinite(beyond.grad()).all().item<bool>());
  }
}

TEST_CASE("the class is the predicted one or the one that was named") {
  const GuardedHead head = head_with({1, 1});
  const at::Tensor outputs = torch::tensor({{2.0, 0.0}, {-1.0, 0.0}}, at::kDouble);
  const ClassScore predicted(head), named(head, "second");
  const std::vector<ScoreTarget> targets = predicted.targets(outputs), seconds = named.targets(outputs);
  CHECK(targets[0].class_name == "first");
  CHECK(targets[1].class_name == "second");
  CHECK(targets[1].probability == doctest::Approx(1 / (1 + std::exp(-1.0))));
  CHECK(predicted.values(outputs, targets).allclose(torch::tensor({2.0, 1.0}, at::kDouble)));
  CHECK(seconds[0].class_name == "second");
  CHECK(seconds[0].answer.label == "first");
  CHECK(seconds[0].probability == doctest::Approx(1 / (1 + std::exp(2.0))));
  CHECK(named.values(outputs, seconds).allclose(torch::tensor({-2.0, 1.0}, at::kDouble)));
  CHECK(error_of([&] { ClassScore(head, "secnd"); }) ==
        "task 'A' (/x.so) has no class 'secnd' (did you mean 'second'?); there are 'first', 'second'");
}

namespace {

/// A head that names its classes and keeps its probabilities to itself.
struct SilentHead : test::TwoClassHead {
  SilentHead() : TwoClassHead({1, 1}) {}
  at::Tensor probabilities(const at::Tensor&) const override { return {}; }
  std::vector<Prediction> predict(const at::Tensor& outputs) const override {
    return std::vector<Prediction>(static_cast<size_t>(outputs.size(0)), {"first", NAN});
  }
};

}  // namespace

TEST_CASE("a head without probabilities is explained by the sum of its outputs") {
  const at::Tensor maps = torch::tensor({{{1.0, 2.0}, {3.0, 4.0}}, {{0.5, 0.0}, {0.0, -1.0}}}, at::kFloat);
  const ClassScore score(head_with({1, 1}, false));
  const std::vector<ScoreTarget> targets = score.targets(maps);
  CHECK_FALSE(targets[0].class_index.has_value());
  CHECK(std::isnan(targets[0].probability));
  CHECK(score.values(maps, targets).allclose(torch::tensor({10.0, -0.5}, at::kDouble)));

  const GuardedHead silent("A", std::make_shared<SilentHead>());
  CHECK_FALSE(ClassScore(silent).targets(maps)[0].class_index.has_value());
  CHECK(contains(error_of([&] { ClassScore(silent, "second").targets(maps); }), "states no probabilities"));
}
