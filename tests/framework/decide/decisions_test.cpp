#include "framework/decide/decisions.h"

#include <doctest/doctest.h>

#include <cmath>
#include <limits>

#include "framework/decide/cost_matrix.h"
#include "framework/decide/reject_curve.h"
#include "tests/framework/decide/reference.h"
#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using nlohmann::json;
using test::contains;
using test::is_close;

namespace {

const ClassList classes{{"scratch", "clean", "dent"}, {false, true, false}};
constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

std::string cost_error(CostCells cells) {
  cells.file = "costs.csv";
  for (size_t row = 0; row < cells.rows.size(); ++row) cells.lines.push_back(row + 2);
  return test::error_of([&] { cost_matrix(cells, classes); });
}

const std::vector<std::string> header{"truth", "clean", "scratch", "dent", "look"};
const std::vector<std::vector<std::string>> rows{
    {"clean", "0", "1", "1", "0.5"}, {"dent", "50", "2", "0", "0.5"}, {"scratch", "20", "0", "1e1", "0.25"}};

}  // namespace

TEST_CASE("limits decide by the probability of all defect classes together") {
  const DecisionRule rule{"A", classes, DefectLimits{0.2, 0.6}};
  const auto verdict = [&](const std::vector<double>& p) { return decide(rule, p).verdict; };
  CHECK(verdict({0.1, 0.85, 0.05}) == Verdict::normal);
  CHECK(verdict({0.1, 0.75, 0.15}) == Verdict::look);
  CHECK(verdict({0.3, 0.375, 0.325}) == Verdict::defect);
  CHECK(verdict({not_a_number, 0.5, 0.5}) == Verdict::look);
  CHECK(decide(rule, {0.3, 0.5, 0.2}).defect_probability == doctest::Approx(0.5));
  CHECK(decide(rule, {0.3, 0.5, 0.2}).label.empty());
  CHECK(contains(test::error_of([&] { decide(rule, {0.5, 0.5}); }), "stated 2 probabilities"));
  CHECK(verdict_of({0.2, DefectLimits::never}, 1) == Verdict::look);
  CHECK(std::string(name_of(Verdict::look)) == "look");
}

TEST_CASE("costs choose the answer that trying every one finds, and a person where that costs less") {
  for (const json& one : test::stored_cases("costs")) {
    const size_t count = one["probabilities"].size();
    ClassList all{{}, std::vector<bool>(count, false)};
    for (size_t k = 0; k < count; ++k) all.names.push_back(std::to_string(k));
    all.normal[0] = true;
    const Decision found = decide({"A", all, CostMatrix{one["costs"], one["look"]}}, one["probabilities"]);
    INFO(one.dump());
    CHECK(found.label == std::to_string(one["answer"].get<int>()));
    CHECK((found.verdict == Verdict::look) == one["looks"].get<bool>());
    if (!one["looks"]) CHECK((found.verdict == Verdict::normal) == (one["answer"] == 0));
  }
}

TEST_CASE("a file of costs is read by its names, in whatever order") {
  const CostMatrix matrix = cost_matrix({"costs.csv", header, rows, {2, 3, 4}}, classes);
  CHECK(matrix.costs == std::vector<std::vector<double>>{{0, 20, 10}, {1, 0, 1}, {2, 50, 0}});
  CHECK(matrix.look == std::vector<double>{0.25, 0.5, 0.5});
  const CostMatrix without =
      cost_matrix({"c",
                   {"truth", "scratch", "clean", "dent"},
                   {{"clean", "1", "0", "1"}, {"dent", "1", "9", "0"}, {"scratch", "0", "9", "1"}},
                   {2, 3, 4}},
                  classes);
  CHECK(without.look.empty());
}

TEST_CASE("a file of costs that cannot be one is told with its line") {
  const auto changed = [&](size_t row, size_t column, const char* text) {
    CostCells cells{"", header, rows, {}};
    cells.rows[row][column] = text;
    return cost_error(cells);
  };
  CHECK(cost_error({"", header, rows, {}}).empty());
  for (const char* text : {"-1", "nan", "inf", "", "1,5", "2x", "1e999"})
    CHECK(contains(changed(1, 2, text), "costs.csv:3: the cost of class 'dent' in column 'scratch' is '" +
                                            std::string(text) + "'; a number of 0 or more is expected"));
  CHECK(contains(changed(0, 0, "clear"), "costs.csv:2: 'clear' is no class of the task (did you mean 'clean'?)"));
  CHECK(contains(changed(0, 0, "dent"), "costs.csv:3: class 'dent' has a row already"));
  CHECK(contains(cost_error({"", header, {rows[0], rows[1]}, {}}), "there is no row for class 'scratch'"));
  CHECK(contains(cost_error({"", {"class", "clean"}, {}, {}}), "'truth' is expected"));
  CHECK(contains(cost_error({"", {"truth", "clean", "clean"}, {}, {}}), "two columns are called 'clean'"));
  CHECK(contains(cost_error({"", {"truth", "clean", "dent"}, {}, {}}), "there is no column for class 'scratch'"));
  CHECK(contains(cost_error({"", {}, {}, {}}), "'truth' is expected"));
}

TEST_CASE("rejects against errors are what cutting the sorted list at every place gives") {
  for (const json& one : test::stored_cases("rejects")) {
    std::vector<RankedAnswer> answers;
    for (size_t i = 0; i < one["certainty"].size(); ++i)
      answers.push_back({one["certainty"][i], one["wrong"][i], one["escape"][i]});
    const RejectCurve curve = reject_curve(answers);
    REQUIRE(curve.points.size() == answers.size());
    double sum = 0;
    for (size_t i = 0; i < answers.size(); ++i) {
      CHECK(curve.points[i].rejected == doctest::Approx(static_cast<double>(i) / static_cast<double>(answers.size())));
      CHECK(is_close(curve.points[i].errors, one["errors"][i]));
      CHECK(is_close(curve.points[i].escapes, one["escapes"][i]));
      sum += one["errors"][i].get<double>();
    }
    CHECK(curve.error_area == doctest::Approx(sum / static_cast<double>(answers.size())));
  }
  CHECK(reject_curve({}).points.empty());
  CHECK(std::isnan(reject_curve({}).error_area));
}

TEST_CASE("decisions of another model do not fit") {
  Decisions decisions;
  decisions.temperatures["A"] = 2;
  decisions.rule = DecisionRule{"A", classes, DefectLimits{0.5, 0.5}};
  const auto error = [&](const std::string& task, const ClassList& list) {
    return test::error_of([&] { require_fits(decisions, {"B", task}, {{}, list}, "d.json"); });
  };
  CHECK(error("A", classes).empty());
  CHECK(contains(error("C", classes), "d.json is about task 'A', the model has 'B', 'C'"));
  CHECK(contains(error("A", {{"scratch", "clean"}, {false, true}}), "is for the classes 'scratch', 'clean', 'dent'"));
  CHECK(contains(error("A", {}), "of the model has none"));
  CHECK(contains(error("A", {classes.names, {true, true, false}}), "takes other classes"));
}
