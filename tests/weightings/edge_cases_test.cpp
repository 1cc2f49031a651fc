// What all methods share: one task, missing labels, numbers that are none, no solution, saved states.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>

#include "mtl/error.h"
#include "tests/weightings/made.h"

using namespace mtl;

namespace {

/// Steps of a training that could be, the same every time.
class Training {
 public:
  explicit Training(size_t tasks) : tasks_(tasks) {}

  WeightingStep next() {
    WeightingStep step;
    step.step = number_;
    step.epoch = number_ / 5;
    gradients.clear();
    for (size_t k = 0; k < tasks_; ++k) {
      const bool labelled = k == 0 || (number_ + static_cast<int64_t>(k)) % 4 != 0;
      step.labelled.push_back(labelled);
      step.losses.push_back(labelled ? uniform_(draw_) + 2.0 / static_cast<double>(number_ + 1) : 0);
      at::Tensor gradient = torch::empty({6}, torch::kDouble);
      for (int64_t i = 0; i < 6; ++i) gradient[i] = uniform_(draw_) - 0.3;
      gradients.push_back(labelled ? gradient : at::Tensor());
    }
    for (const at::Tensor& a : gradients)
      for (const at::Tensor& b : gradients)
        step.gramian.push_back(a.defined() && b.defined() ? a.dot(b).item<double>() : 0);
    ++number_;
    return step;
  }
  std::vector<double> after() {
    std::vector<double> losses;
    for (size_t k = 0; k < tasks_; ++k) losses.push_back(uniform_(draw_));
    return losses;
  }

  std::vector<at::Tensor> gradients;  // of the last step

 private:
  size_t tasks_;
  int64_t number_ = 0;
  std::mt19937_64 draw_{11};
  std::uniform_real_distribution<double> uniform_{0.1, 1.0};
};

/// Weights, and where there is one the combined gradient, of so many steps.
std::vector<double> walk(LossWeighting& weighting, Training& training, int steps) {
  std::vector<double> all;
  for (int i = 0; i < steps; ++i) {
    const WeightingStep step = training.next();
    for (const double weight : weighting.weights(step)) all.push_back(weight);
    if (weighting.needs().gradients) {
      const at::Tensor combined = weighting.combine(step, training.gradients);
      for (int64_t p = 0; p < combined.numel(); ++p) all.push_back(combined[p].item<double>());
    }
    if (weighting.needs().losses_after) weighting.look_back(step, training.after());
  }
  return all;
}

std::map<std::string, at::Tensor> copy_of(const std::map<std::string, at::Tensor>& state) {
  std::map<std::string, at::Tensor> copy;
  for (const auto& [name, tensor] : state) copy[name] = tensor.clone();
  return copy;
}

const std::vector<double> three{1.0, 0.5, 2.0};

}  // namespace

TEST_CASE("saved and loaded in the middle a method goes on bit for bit") {
  for (const std::string& method : test::methods) {
    CAPTURE(method);
    Training whole(3), parts(3);
    const auto undisturbed = test::made(method, test::context_of(three));
    walk(*undisturbed, whole, 13);
    const auto first = test::made(method, test::context_of(three));
    walk(*first, parts, 13);
    const auto state = copy_of(first->state());
    const auto second = test::made(method, test::context_of(three));
    second->load_state(state);
    CHECK(walk(*second, parts, 12) == walk(*undisturbed, whole, 12));
    CHECK(second->unsolved() == undisturbed->unsolved());
    auto more = state;
    more["no such part"] = torch::zeros({1});
    CHECK_THROWS_AS(test::made(method, test::context_of(three))->load_state(more), Error);
    if (!state.empty()) CHECK_THROWS_AS(test::made(method, test::context_of({1, 1}))->load_state(state), Error);
  }
}

TEST_CASE("one task's weight is above 0") {
  for (const std::string& method : test::methods) {
    CAPTURE(method);
    Training training(1);
    const auto weighting = test::made(method, test::context_of({0.7}));
    for (int i = 0; i < 12; ++i) {
      const WeightingStep step = training.next();
      const std::vector<double> weights = weighting->weights(step);
      REQUIRE(weights.size() == 1);
      CHECK(weights[0] > 0);
      if (!weighting->needs().gradients) continue;
      const at::Tensor combined = weighting->combine(step, training.gradients);
      if (i == 0)
        CHECK(torch::cosine_similarity(combined, training.gradients[0], 0).item<double>() == doctest::Approx(1));
    }
  }
}

TEST_CASE("permuted tasks have permuted weights, whichever the main one") {
  const std::vector<size_t> order{2, 0, 1};
  for (const std::string& method : test::methods) {
    if (method == "rlw" || method == "pcgrad") continue;  // their draws go by the task's place
    CAPTURE(method);
    std::vector<double> permuted;
    for (const size_t k : order) permuted.push_back(three[k]);
    const auto one = test::made(method, test::context_of(three, 0)),
               other = test::made(method, test::context_of(permuted, 1));
    Training training(3);
    for (int i = 0; i < 15; ++i) {
      const WeightingStep step = training.next();
      WeightingStep turned = step;
      for (size_t a = 0; a < 3; ++a) {
        turned.losses[a] = step.losses[order[a]];
        turned.labelled[a] = step.labelled[order[a]];
        for (size_t b = 0; b < 3; ++b) turned.gramian[a * 3 + b] = step.gramian[order[a] * 3 + order[b]];
      }
      const std::vector<double> weights = one->weights(step), of_turned = other->weights(turned);
      for (size_t a = 0; a < 3; ++a)
        if (turned.labelled[a]) CHECK(of_turned[a] == doctest::Approx(weights[order[a]]).epsilon(1e-7));
    }
  }
}

TEST_CASE("a loss or gradient that is no finite number teaches nothing") {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const std::string& method : test::methods) {
    CAPTURE(method);
    Training training(3), same(3);
    const auto disturbed = test::made(method, test::context_of(three)),
               sound = test::made(method, test::context_of(three));
    CHECK(walk(*disturbed, training, 7) == walk(*sound, same, 7));
    WeightingStep bad = Training(3).next();
    bad.step = 7;
    bad.epoch = 1;
    bad.losses[1] = nan;
    for (size_t k = 0; k < 3; ++k) bad.gramian[3 + k] = bad.gramian[3 * k + 1] = nan;
    if (!disturbed->needs().losses) bad.losses[1] = 1;
    const std::vector<double> weights = disturbed->weights(bad);
    CHECK(std::all_of(weights.begin(), weights.end(), [](double w) { return std::isfinite(w); }));
    if (method == "equal" || method == "rlw" || method == "static_weights") continue;  // they look at no number
    CHECK(walk(*disturbed, training, 6) == walk(*sound, same, 6));
  }
}

TEST_CASE("where there is no solution the last weights are used, and it is counted") {
  WeightingStep opposed;
  opposed.losses = {1, 1};
  opposed.labelled = {true, true};
  opposed.gramian = {1, -1, -1, 1};
  for (const char* method : {"nash_mtl", "fairgrad", "imtl_g"}) {
    CAPTURE(method);
    const auto weighting = test::made(method, test::context_of({1, 0.25}));
    CHECK(weighting->weights(opposed) == std::vector<double>{1, 0.25});
    CHECK(weighting->unsolved() == 1);
    WeightingStep sound = opposed;
    sound.gramian = {1, 0, 0, 4};
    const std::vector<double> solved = weighting->weights(sound);
    CHECK(weighting->unsolved() == 1);
    CHECK(weighting->weights(opposed) == solved);
    CHECK(weighting->unsolved() == 2);
  }
}

TEST_CASE("weights sum to what the docs say") {
  Training training(3);
  training.next();
  const WeightingStep step = training.next();  // all labelled
  const auto sum = [&](const char* method) {
    double total = 0;
    for (const double weight : test::made(method, test::context_of({1, 1, 1}))->weights(step)) total += weight;
    return total;
  };
  CHECK(sum("equal") == doctest::Approx(3));
  CHECK(sum("dwa") == doctest::Approx(3));
  CHECK(sum("rlw") == doctest::Approx(1));
  CHECK(sum("gradnorm") == doctest::Approx(3));
  CHECK(sum("mgda") == doctest::Approx(1));
  CHECK(sum("imtl_g") == doctest::Approx(1));
  CHECK(sum("gradient_gating") <= 3);
}
