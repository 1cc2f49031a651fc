// Every method against reference.json, which reference.py computes another way.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/weightings/made.h"

using namespace mtl;
using nlohmann::json;

namespace {

std::vector<host::GivenOption> options_of(const json& stored) {
  std::vector<host::GivenOption> options;
  if (stored.contains("options"))
    for (const auto& [name, value] : stored["options"].items()) options.push_back({name, value.get<double>(), "test"});
  return options;
}

WeightingStep step_of(const json& stored) {
  WeightingStep step;
  step.step = stored["step"];
  step.epoch = stored["epoch"];
  step.losses = stored["losses"].get<std::vector<double>>();
  step.labelled = stored["labelled"].get<std::vector<bool>>();
  if (stored.contains("gramian")) step.gramian = stored["gramian"].get<std::vector<double>>();
  return step;
}

/// The largest difference, as a share of the largest weight.
double distance(const std::vector<double>& weights, const std::vector<double>& reference) {
  double largest = 0, apart = 0;
  for (size_t k = 0; k < weights.size(); ++k) {
    largest = std::max(largest, std::abs(reference[k]));
    apart = std::max(apart, std::abs(weights[k] - reference[k]));
  }
  return apart / largest;
}

}  // namespace

TEST_CASE("weights equal those of an independent computation to 1e-6") {
  std::ifstream file(MTL_SOURCE_DIR "/tests/weightings/reference.json");
  const json cases = json::parse(file);
  std::set<std::string> seen;
  for (const json& stored : cases) {
    const std::string method = stored["method"];
    seen.insert(method);
    CAPTURE(method);
    CAPTURE(stored["static"].dump());
    const auto weighting = test::made(
        method, test::context_of(stored["static"].get<std::vector<double>>(), 0, stored["seed"]), options_of(stored));
    for (const json& expected : stored["steps"]) {
      const WeightingStep step = step_of(expected);
      CAPTURE(step.step);
      const std::vector<double> weights = weighting->weights(step);
      CHECK(distance(weights, expected["weights"].get<std::vector<double>>()) < 1e-6);
      if (expected.contains("after")) weighting->look_back(step, expected["after"].get<std::vector<double>>());
      if (expected.contains("gradients")) {
        std::vector<at::Tensor> gradients;
        for (const json& gradient : expected["gradients"])
          gradients.push_back(torch::tensor(gradient.get<std::vector<double>>(), torch::kDouble));
        const at::Tensor combined = weighting->combine(step, gradients);
        CHECK(torch::allclose(combined, torch::tensor(expected["combined"].get<std::vector<double>>(), torch::kDouble),
                              1e-6, 1e-12));
      }
    }
    CHECK(weighting->unsolved() == 0);
  }
  for (const std::string& method : test::methods)
    if (method != "static_weights") CHECK_MESSAGE(seen.count(method), method);
}
