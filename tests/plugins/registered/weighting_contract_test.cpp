// What every registered loss weighting promises.
#include <doctest/doctest.h>
#include <torch/torch.h>

#include <cmath>

#include "tests/plugins/registered/registered.h"

using namespace mtl;

TEST_CASE("every weighting gives a finite weight per task, below 0 only where it saw the Gramian") {
  REQUIRE_FALSE(test::offered(PluginKind::weighting).empty());
  for (const std::string& name : test::offered(PluginKind::weighting)) {
    CAPTURE(name);
    const WeightingContext context{{"A", "B", "C"}, {1.0, 0.3, 0.5}, 0, 1};
    const auto weighting = test::registry().make_weighting({name, "test", {}}, context);
    WeightingStep step;
    step.losses = {1.5, 0.2, 0};
    step.gramian = {1, -0.2, 0, -0.2, 0.5, 0, 0, 0, 0};
    step.labelled = {true, true, false};
    const auto weights = weighting->weights(step);
    REQUIRE(weights.size() == 3);
    for (double weight : weights) CHECK((std::isfinite(weight) && (weight >= 0 || weighting->needs().gramian)));
  }
}

TEST_CASE("static weights are those of the configuration") {
  const auto weighting =
      test::registry().make_weighting({"static_weights", "test", {}}, {{"A", "B"}, {1.0, 0.3}, 0, 1});
  CHECK(weighting->weights({}) == std::vector<double>{1.0, 0.3});
}
