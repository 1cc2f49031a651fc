#include "framework/metrics/ranking.h"

#include <doctest/doctest.h>

#include <cmath>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

#include "tests/support/python.h"

using namespace mtl;
using nlohmann::json;

namespace {

constexpr const char* script = "tests/framework/metrics/ranking_reference.py";
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

json stored_cases() {
  std::ifstream file(MTL_SOURCE_DIR "/tests/framework/metrics/ranking_cases.json");
  json cases = json::parse(file);
  REQUIRE(cases.size() >= 20);
  return cases;
}

bool is_close(double found, const json& expected) {
  return expected.is_null() ? std::isnan(found) : std::abs(found - expected.get<double>()) < 1e-12;
}

/// Versions of NumPy and SciPy may differ in a last digit.
bool is_same(const json& a, const json& b) {
  if (a.is_number() && b.is_number()) return is_close(a.get<double>(), b);
  if (!a.is_structured()) return a == b;
  if (a.type() != b.type() || a.size() != b.size()) return false;
  for (auto one = a.begin(), other = b.begin(); one != a.end(); ++one, ++other)
    if (!is_same(*one, *other)) return false;
  return true;
}

}  // namespace

TEST_CASE("ROC, precision-recall and their areas are those of brute force with NumPy and SciPy") {
  for (const json& stored : stored_cases()) {
    INFO(stored.dump());
    std::vector<bool> is_defect;
    for (const json& one : stored["is_defect"]) is_defect.push_back(one.get<double>() == 1);
    const auto found = ranking_of(stored["scores"].get<std::vector<double>>(), is_defect);
    REQUIRE(found);
    CHECK(is_close(found->area, stored["area"]));
    CHECK(is_close(found->area_low, stored["low"]));
    CHECK(is_close(found->area_high, stored["high"]));
    CHECK(is_close(found->average_precision, stored["average_precision"]));
    REQUIRE(found->points.size() == stored["points"].size());
    for (size_t i = 0; i < found->points.size(); ++i) {
      CHECK(found->points[i].limit == stored["points"][i][0].get<double>());
      CHECK(is_close(found->points[i].false_positive_rate, stored["points"][i][1]));
      CHECK(is_close(found->points[i].recall, stored["points"][i][2]));
      CHECK(is_close(found->points[i].precision, stored["points"][i][3]));
    }
  }
}

TEST_CASE("the stored rankings are those that the script writes") {
  const test::TemporaryFolder folder;
  const auto python = test::run_python(folder.path(), script, "cases.json");
  if (!python.can_run) {
    MESSAGE("skipped: /usr/bin/python3 has no SciPy");
    return;
  }
  INFO(python.log);
  REQUIRE(python.code == 0);
  CHECK(is_same(json::parse(test::read_file(folder.path() / "cases.json")), stored_cases()));
}

TEST_CASE("a tie of a defect and a normal image is one point, and half a pair") {
  const auto found = ranking_of({0.9, 0.5, 0.5, 0.1}, {true, true, false, false});
  REQUIRE(found);
  CHECK(found->defects == 2);
  CHECK(found->normals == 2);
  CHECK(found->area == (1 + 1 + 0.5 + 1) / 4);
  CHECK(found->average_precision == doctest::Approx(0.5 * 1 + 0.5 * 2 / 3));
  REQUIRE(found->points.size() == 3);
  CHECK(found->points[1].limit == 0.5);
  CHECK(found->points[1].false_positive_rate == 0.5);
  CHECK(found->points[1].recall == 1);
}

TEST_CASE("without images of both kinds, or with a score that is no number, there is no curve") {
  CHECK_FALSE(ranking_of({}, {}));
  CHECK_FALSE(ranking_of({0.1, 0.2}, {true, true}));
  CHECK_FALSE(ranking_of({0.1, 0.2}, {false, false}));
  CHECK_FALSE(ranking_of({0.1, not_a_number, 0.3}, {true, false, false}));
}

TEST_CASE("a task's images are ranked by all its defect classes together, and only labelled ones") {
  const ClassList classes{{"scratch", "clean", "dent"}, {false, true, false}};
  const std::vector<std::string> truths{"dent", "clean", "", "scratch"};
  // Scores 0.75, 0.5, unlabelled, 0.25: one of two pairs is in order.
  const auto found = ranking_of_task(classes, truths, {{0.25, 0.25, 0.5}, {0.5, 0.5, 0}, {1, 0, 0}, {0, 0.75, 0.25}});
  REQUIRE(found);
  CHECK(found->defects == 2);
  CHECK(found->normals == 1);
  CHECK(found->area == 0.5);
  CHECK(found->points[0].limit == 0.75);
}

TEST_CASE("a task without normal classes, without probabilities or without labels has no ranking") {
  const ClassList lights{{"dome", "low"}, {false, false}}, verdicts{{"defect", "normal"}, {false, true}};
  CHECK_FALSE(ranking_of_task(lights, {"dome", "low"}, {{0.9, 0.1}, {0.2, 0.8}}));
  CHECK_FALSE(ranking_of_task(verdicts, {"defect", "normal"}, {{}, {}}));
  CHECK_FALSE(ranking_of_task(verdicts, {"", ""}, {{0.9, 0.1}, {0.2, 0.8}}));
  CHECK_FALSE(ranking_of_task({}, {"1.5", "2"}, {{}, {}}));  // no classifier
}
