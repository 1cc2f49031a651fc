#include "framework/study/statistics/required_sample.h"

#include "framework/support/random.h"
#include "mtl/error.h"
#include "tests/framework/study/statistics/stored_cases.h"

using namespace mtl;

namespace {

CrossedEstimate with_components(double value, double seed, double group, double residual) {
  CrossedEstimate estimate;
  estimate.value = value;
  estimate.seed_variance = seed;
  estimate.group_variance = group;
  estimate.residual_variance = residual;
  return estimate;
}

void check_same(const std::optional<int64_t>& found, const nlohmann::json& expected) {
  REQUIRE(found.has_value() == !expected.is_null());
  if (found) CHECK(std::abs(static_cast<double>(*found) - expected.get<double>()) <= 1e-9 * expected.get<double>());
}

/// The share of simulated studies of this size that show the difference.
double simulated_power(const CrossedEstimate& truth, size_t seeds, size_t groups) {
  int shown = 0;
  for (uint64_t study = 0; study < 400; ++study) {
    Generator generator(derive_seed(4, "power", {study}));
    Cells cells(seeds, std::vector<double>(groups));
    std::vector<double> of_group(groups);
    for (double& effect : of_group) effect = std::sqrt(truth.group_variance) * generator.normal();
    for (auto& row : cells) {
      const double of_seed = truth.value + std::sqrt(truth.seed_variance) * generator.normal();
      for (size_t g = 0; g < groups; ++g)
        row[g] = of_seed + of_group[g] + std::sqrt(truth.residual_variance) * generator.normal();
    }
    shown += crossed_estimate(cells).p < 0.05;
  }
  return shown / 400.0;
}

}  // namespace

TEST_CASE("the required sample agrees with a root found by Brent's method") {
  for (const auto& stored : test::stored_cases("required_sample")) {
    INFO(stored.dump());
    const RequiredSample found =
        required_sample(with_components(stored["value"], stored["seed"], stored["group"], stored["residual"]),
                        stored["S"], stored["G"]);
    check_same(found.seeds, stored["seeds"]);
    check_same(found.groups, stored["groups"]);
  }
}

TEST_CASE("the required sample is none where no number would do") {
  CHECK_FALSE(required_sample(with_components(0.01, 1e-4, 1, 0), 3, 10).seeds.has_value());   // too few parts
  CHECK_FALSE(required_sample(with_components(0.01, 1e-2, 0, 0), 3, 10).groups.has_value());  // runs differ too much
  CHECK(required_sample(with_components(0.01, 1e-2, 0, 0), 3, 10).seeds.has_value());
}

TEST_CASE("the required sample is none for no difference and for one seed") {
  CHECK_FALSE(required_sample(with_components(0, 1e-4, 0.1, 0.1), 3, 100).seeds.has_value());
  CHECK_FALSE(required_sample(with_components(0, 0, 0, 0), 3, 100).groups.has_value());
  CHECK_FALSE(required_sample(with_components(std::nan(""), 0, 0, 0), 3, 100).seeds.has_value());
  CHECK_FALSE(required_sample(with_components(0.5, 0, 0.1, 0), 1, 100).seeds.has_value());
  CHECK_THROWS_AS(required_sample(with_components(0.5, 0, 0.1, 0), 0, 100), Error);
}

TEST_CASE("a difference without variance takes the fewest there can be") {
  CHECK(required_sample(with_components(-0.1, 0, 0, 0), 3, 100).seeds == 2);
  CHECK(required_sample(with_components(-0.1, 0, 0, 0), 3, 100).groups == 2);
}

TEST_CASE("a study of the required size shows the difference in about 80 % of cases or more") {
  const CrossedEstimate truth = with_components(0.05, 3e-4, 0.02, 0.08);
  const RequiredSample required = required_sample(truth, 6, 120);
  REQUIRE(required.seeds.has_value());
  REQUIRE(required.groups.has_value());
  CHECK(simulated_power(truth, static_cast<size_t>(*required.seeds), 120) > 0.72);
  CHECK(simulated_power(truth, 6, static_cast<size_t>(*required.groups)) > 0.72);
  CHECK(simulated_power(truth, static_cast<size_t>(*required.seeds) / 2, 120) < 0.72);
}
