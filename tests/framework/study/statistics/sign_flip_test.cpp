#include "framework/study/statistics/sign_flip.h"

#include "framework/support/random.h"
#include "tests/framework/study/statistics/stored_cases.h"

using namespace mtl;

TEST_CASE("the sign flip agrees with a table of all signs") {
  for (const auto& stored : test::stored_cases("sign_flip")) {
    INFO(stored.dump());
    CHECK(test::is_same_p(sign_flip_p(test::numbers(stored["differences"])), stored["p"]));
  }
}

TEST_CASE("the sign flip by hand") {
  CHECK(std::isnan(sign_flip_p({})));
  CHECK(std::isnan(sign_flip_p({1, std::nan("")})));
  CHECK(sign_flip_p({0.4}) == 1);
  CHECK(sign_flip_p({1, 2, 3}) == 0.25);  // only +++ and ---: three seeds cannot do better
  CHECK(sign_flip_p({1, 2, -3}) == 1);    // every sum is 0 or farther from it
  CHECK(sign_flip_p({1, 1, 1, -1}) == 0.625);
  CHECK(sign_flip_p(std::vector<double>(20, 0.01)) == std::exp2(-19));
}

TEST_CASE("sums that differ by rounding are ties") {
  CHECK(sign_flip_p({0.1, 0.2, -0.3}) == 1);
  CHECK(sign_flip_p({0.1, 0.2, 0.3, -0.1}) == sign_flip_p({1, 2, 3, -1}));
}

TEST_CASE("beyond 20 pairs signs are drawn: close to the normal distribution, the same each time, never 0") {
  Generator generator(5);
  std::vector<double> differences(60);
  for (double& difference : differences) difference = 0.15 + generator.normal();
  double sum = 0, squares = 0;
  for (double difference : differences) sum += difference, squares += difference * difference;
  const double normal_p = std::erfc(std::abs(sum) / std::sqrt(2 * squares));
  CHECK(sign_flip_p(differences) == doctest::Approx(normal_p).epsilon(0.05));
  CHECK(sign_flip_p(differences) == sign_flip_p(differences));
  CHECK(sign_flip_p(std::vector<double>(40, 1)) == doctest::Approx(1.0 / 100'001));
  CHECK(sign_flip_p(std::vector<double>(21, 0)) == 1);
}
