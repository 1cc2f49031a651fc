// What every registered loss weighting promises.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>

#include "tests/plugins/registered/registered.h"

using namespace mtl;

TEST_CASE("every weighting gives a finite weight >= 0 per task") {
  REQUIRE_FALSE(test::offered(PluginKind::weighting).empty());
  for (const std::string& name : test::offered(PluginKind::weighting)) {
    CAPTURE(name);
    const WeightingContext context{{"A", "B", "C"}, {1.0, 0.3, 0.5}, 0};
    const auto weighting = test::registry().make_weighting({name, "test", {}}, context);
    StepLosses step;
    if (weighting->needs_losses()) step.losses = {1.5, 0.2, 0};
    step.labelled = {true, true, false};
    const auto weights = weighting->weights(step);
    REQUIRE(weights.size() == 3);
    for (double weight : weights) CHECK((std::isfinite(weight) && weight >= 0));
  }
}

TEST_CASE("static weights are those of the configuration") {
  const auto weighting = test::registry().make_weighting({"static_weights", "test", {}}, {{"A", "B"}, {1.0, 0.3}, 0});
  CHECK(weighting->weights({}) == std::vector<double>{1.0, 0.3});
}
