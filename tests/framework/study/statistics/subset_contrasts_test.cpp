#include "framework/study/statistics/subset_contrasts.h"

#include <numeric>

#include "framework/support/random.h"
#include "mtl/error.h"
#include "tests/framework/study/statistics/stored_cases.h"

using namespace mtl;

namespace {

void check_same(const std::vector<double>& found, const std::vector<double>& expected) {
  REQUIRE(found.size() == expected.size());
  for (size_t i = 0; i < found.size(); ++i) CHECK(test::is_close(found[i], expected[i]));
}

double applied(const std::vector<double>& contrast, const std::vector<double>& accuracies) {
  return std::inner_product(contrast.begin(), contrast.end(), accuracies.begin(), 0.0);
}

std::vector<double> random_accuracies(int n) {
  Generator generator(11);
  std::vector<double> accuracies(size_t{1} << n);
  for (double& accuracy : accuracies) accuracy = generator.uniform();
  return accuracies;
}

}  // namespace

TEST_CASE("contrasts agree with an enumeration of all orders and with means over arms") {
  for (const auto& stored : test::stored_cases("subset_contrasts")) {
    INFO(stored.dump());
    check_same(shapley_contrast(stored["n"], stored["task"]), test::numbers(stored["shapley"]));
    check_same(main_effect_contrast(stored["n"], stored["task"]), test::numbers(stored["main_effect"]));
  }
}

TEST_CASE("contrasts by hand: two tasks") {
  check_same(shapley_contrast(2, 0), {-0.5, 0.5, -0.5, 0.5});
  check_same(main_effect_contrast(2, 1), {-0.5, -0.5, 0.5, 0.5});
  check_same(shapley_contrast(1, 0), {-1, 1});
}

TEST_CASE("Shapley values share out what all tasks together add") {
  for (int n = 1; n <= 16; n += 3) {
    const std::vector<double> accuracies = random_accuracies(n);
    double sum = 0;
    for (int task = 0; task < n; ++task) sum += applied(shapley_contrast(n, task), accuracies);
    CHECK(sum == doctest::Approx(accuracies.back() - accuracies.front()));
  }
}

TEST_CASE("where tasks add up, both contrasts are what each adds") {
  std::vector<double> accuracies;
  for (int subset = 0; subset < 8; ++subset)
    accuracies.push_back(0.8 + 0.01 * (subset & 1) + 0.02 * (subset >> 1 & 1) - 0.03 * (subset >> 2));
  const double adds[] = {0.01, 0.02, -0.03};
  for (int task = 0; task < 3; ++task) {
    CHECK(applied(shapley_contrast(3, task), accuracies) == doctest::Approx(adds[task]));
    CHECK(applied(main_effect_contrast(3, task), accuracies) == doctest::Approx(adds[task]));
  }
}

TEST_CASE("a task that is none is an error") {
  CHECK_THROWS_AS(shapley_contrast(0, 0), Error);
  CHECK_THROWS_AS(shapley_contrast(17, 0), Error);
  CHECK_THROWS_AS(shapley_contrast(3, 3), Error);
  CHECK_THROWS_AS(main_effect_contrast(3, -1), Error);
}
