#include "framework/decide/exact_interval.h"

#include <doctest/doctest.h>

#include "tests/framework/decide/reference.h"
#include "tests/support/python.h"

using namespace mtl;
using nlohmann::json;
using test::is_close;

TEST_CASE("intervals and bounds are those of the binomial distribution") {
  for (const json& one : test::stored_cases("intervals")) {
    INFO(one.dump());
    const Interval found = exact_interval(one["found"], one["of"], one["confidence"]);
    CHECK(is_close(found.low, one["low"]));
    CHECK(is_close(found.high, one["high"]));
    CHECK(is_close(exact_upper_bound(one["found"], one["of"], one["confidence"]), one["bound"]));
  }
}

TEST_CASE("nothing and all have the bounds that a child can work out; no observation says nothing") {
  CHECK(exact_upper_bound(0, 59, 0.95) == doctest::Approx(1 - std::pow(0.05, 1.0 / 59)).epsilon(1e-12));
  CHECK(exact_interval(0, 59).low == 0);
  CHECK(exact_interval(59, 59).high == 1);
  CHECK(exact_interval(0, 0).low == 0);
  CHECK(exact_interval(0, 0).high == 1);
  CHECK(exact_upper_bound(0, 0) == 1);
}

TEST_CASE("more found than there are, less than none and no confidence are refused") {
  CHECK_FALSE(test::error_of([] { exact_interval(3, 2); }).empty());
  CHECK_FALSE(test::error_of([] { exact_interval(-1, 2); }).empty());
  CHECK_FALSE(test::error_of([] { exact_interval(1, 2, 1); }).empty());
  CHECK_FALSE(test::error_of([] { exact_upper_bound(1, 2, 0); }).empty());
}

TEST_CASE("the stored cases are those that the script writes") {
  const test::TemporaryFolder folder;
  const auto python =
      test::run_python(folder.path(), "tests/framework/decide/decide_reference.py", "decide_cases.json");
  if (!python.can_run) {
    MESSAGE("skipped: /usr/bin/python3 has no SciPy");
    return;
  }
  INFO(python.log);
  REQUIRE(python.code == 0);
  const json written = json::parse(test::read_file(folder.path() / "decide_cases.json"));
  for (const char* kind : {"intervals", "promises", "temperatures", "rejects", "costs"})
    CHECK(written[kind].size() == test::stored_cases(kind).size());
  for (size_t i = 0; i < written["temperatures"].size(); ++i)  // the last to be computed of what is iterated
    CHECK(is_close(written["temperatures"][i]["temperature"], test::stored_cases("temperatures")[i]["temperature"],
                   1e-5));
}
