#include "framework/support/random.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

using namespace mtl;

TEST_CASE("SplitMix64 gives the numbers of its reference implementation") {
  Generator generator(1234567);  // https://prng.di.unimi.it/splitmix64.c with x = 1234567
  CHECK(generator.next() == 6457827717110365317u);
  CHECK(generator.next() == 3203168211198807973u);
  CHECK(generator.next() == 9817491932198370423u);
}

TEST_CASE("streams depend on the seed, the name and every counter") {
  std::set<uint64_t> seeds{derive_seed(1, "order"),         derive_seed(2, "order"),
                           derive_seed(1, "augment"),       derive_seed(1, "order", {0}),
                           derive_seed(1, "order", {1}),    derive_seed(1, "order", {0, 1}),
                           derive_seed(1, "order", {1, 0}), derive_seed(1, "")};
  CHECK(seeds.size() == 8);
  CHECK(derive_seed(1, "order", {3, 4}) == derive_seed(1, "order", {3, 4}));
}

TEST_CASE("draws have the moments of their distributions") {
  Generator generator(7);
  constexpr int n = 200000;
  double sum = 0, squares = 0, uniform = 0;
  for (int i = 0; i < n; ++i) {
    const double x = generator.normal(), u = generator.uniform(2, 4);
    sum += x;
    squares += x * x;
    uniform += u;
    CHECK_UNARY(u >= 2 && u < 4);
  }
  CHECK(std::abs(sum / n) < 0.01);
  CHECK(squares / n == doctest::Approx(1).epsilon(0.02));
  CHECK(uniform / n == doctest::Approx(3).epsilon(0.01));
}

TEST_CASE("below is even and stays below; a shuffle is a permutation") {
  Generator generator(9);
  int counts[6] = {};
  for (int i = 0; i < 60000; ++i) ++counts[generator.below(6)];
  for (int count : counts) CHECK(std::abs(count - 10000) < 500);
  CHECK(generator.below(1) == 0);
  std::vector<int> items(50);
  std::iota(items.begin(), items.end(), 0);
  std::vector<int> shuffled = items;
  generator.shuffle(shuffled);
  CHECK(shuffled != items);
  CHECK(std::is_permutation(shuffled.begin(), shuffled.end(), items.begin()));
}
