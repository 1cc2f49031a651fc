#include "framework/study/statistics/holm.h"

#include "tests/framework/study/statistics/stored_cases.h"

using namespace mtl;

TEST_CASE("Holm's adjustment is the smallest level at which the stepwise procedure rejects") {
  for (const auto& stored : test::stored_cases("holm")) {
    INFO(stored.dump());
    const std::vector<double> found = holm(test::numbers(stored["p"])), expected = test::numbers(stored["adjusted"]);
    REQUIRE(found.size() == expected.size());
    for (size_t i = 0; i < found.size(); ++i) CHECK(test::is_same_p(found[i], expected[i]));
  }
}

TEST_CASE("Holm's adjustment by hand") {
  const std::vector<double> found = holm({0.01, 0.04, 0.03, 0.005});
  CHECK(found[3] == doctest::Approx(0.02));  // x 4
  CHECK(found[0] == doctest::Approx(0.03));  // x 3
  CHECK(found[2] == doctest::Approx(0.06));  // x 2
  CHECK(found[1] == doctest::Approx(0.06));  // x 1 would be less than a smaller p's
  CHECK(holm({}).empty());
  CHECK(holm({0.6, 0.7}) == std::vector<double>{1, 1});
}

TEST_CASE("a p that is not defined is no member of the family") {
  const std::vector<double> found = holm({0.02, std::nan(""), 0.03});
  CHECK(found[0] == doctest::Approx(0.04));
  CHECK(std::isnan(found[1]));
  CHECK(found[2] == doctest::Approx(0.04));
}
