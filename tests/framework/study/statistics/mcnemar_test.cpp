#include "framework/study/statistics/mcnemar.h"

#include "mtl/error.h"
#include "tests/framework/study/statistics/stored_cases.h"

using namespace mtl;

TEST_CASE("McNemar's test agrees with SciPy's binomial test and chi-square") {
  for (const auto& stored : test::stored_cases("mcnemar")) {
    INFO(stored.dump());
    const McNemar found = mcnemar(stored["better"], stored["worse"]);
    CHECK(found.better == stored["better"]);
    CHECK(found.worse == stored["worse"]);
    CHECK(found.is_exact == stored["exact"]);
    CHECK(test::is_same_p(found.p, stored["p"]));
  }
}

TEST_CASE("McNemar's test by hand") {
  CHECK(mcnemar(0, 0).p == 1);
  CHECK(mcnemar(3, 3).p == 1);
  CHECK(mcnemar(0, 5).p == doctest::Approx(2.0 / 32));
  CHECK(mcnemar(1, 4).p == doctest::Approx(2 * (1 + 5) / 32.0));
  CHECK(mcnemar(4, 1).p == mcnemar(1, 4).p);
  CHECK(mcnemar(1000, 0).is_exact);
  CHECK_FALSE(mcnemar(1000, 1).is_exact);
  CHECK(mcnemar(600, 600).p == 1);
  CHECK(mcnemar(1050, 950).p == doctest::Approx(std::erfc(99 / std::sqrt(2.0 * 2000))));
}

TEST_CASE("a negative count is an error") {
  CHECK_THROWS_AS(mcnemar(-1, 3), Error);
  CHECK_THROWS_AS(mcnemar(3, -1), Error);
}
