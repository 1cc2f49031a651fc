#include "tests/framework/study/statistics/stored_cases.h"
#include "tests/support/python.h"

using namespace mtl;

namespace {

/// Versions of NumPy and SciPy may differ in a last digit.
bool is_same(const nlohmann::json& a, const nlohmann::json& b) {
  if (a.is_number() && b.is_number()) return test::is_close(a.get<double>(), b.get<double>());
  if (!a.is_structured()) return a == b;
  if (a.type() != b.type() || a.size() != b.size()) return false;
  for (auto one = a.begin(), other = b.begin(); one != a.end(); ++one, ++other)
    if (!is_same(*one, *other)) return false;
  return true;
}

}  // namespace

TEST_CASE("the stored cases are those that the script writes") {
  const test::TemporaryFolder folder;
  const auto python =
      test::run_python(folder.path(), "tests/framework/study/statistics/statistics_reference.py", "cases.json");
  if (!python.can_run) {
    MESSAGE("skipped: /usr/bin/python3 has no SciPy");
    return;
  }
  INFO(python.log);
  REQUIRE(python.code == 0);
  const auto written = nlohmann::json::parse(test::read_file(folder.path() / "cases.json"));
  CHECK(written.size() == 8);
  for (const auto& [statistic, cases] : written.items())
    CHECK_MESSAGE(is_same(cases, test::stored_cases(statistic)), statistic);
}
