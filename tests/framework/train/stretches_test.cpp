#include "framework/train/stretches.h"

#include <ATen/Parallel.h>
#include <doctest/doctest.h>

#include <vector>

using namespace mtl;

TEST_CASE("every value is met once, whatever the sizes") {
  const std::vector<int64_t> sizes{1, 0, 40000, 16384, 7};
  std::vector<std::vector<int>> met;
  for (const int64_t size : sizes) met.emplace_back(static_cast<size_t>(size), 0);
  Stretches(sizes).for_each([&](const Stretch& stretch) {
    for (int64_t i = stretch.begin; i < stretch.end; ++i) ++met[stretch.tensor][static_cast<size_t>(i)];
  });
  for (const auto& tensor : met)
    for (const int times : tensor) REQUIRE(times == 1);
}

TEST_CASE("a sum has the same bits for any number of threads") {
  const Stretches stretches({300000, 12345, 77});
  const auto value = [](const Stretch& stretch) {
    double sum = 0;
    for (int64_t i = stretch.begin; i < stretch.end; ++i) sum += 1.0 / static_cast<double>(i + 1);
    return sum;
  };
  const int threads = at::get_num_threads();
  at::set_num_threads(1);
  const double alone = stretches.sum(value);
  at::set_num_threads(3);
  const double shared = stretches.sum(value);
  at::set_num_threads(threads);
  CHECK(alone == shared);
  CHECK(alone == doctest::Approx(13.19 + 10.0 + 4.9).epsilon(0.01));
}

TEST_CASE("nothing to go over") {
  CHECK(Stretches().sum([](const Stretch&) { return 1.0; }) == 0);
  CHECK(Stretches({0, 0}).sum([](const Stretch&) { return 1.0; }) == 0);
}
