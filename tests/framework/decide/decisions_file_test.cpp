#include "framework/decide/decisions_file.h"

#include <doctest/doctest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/support/contains.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using nlohmann::json;
using test::contains;

namespace {

const ClassList classes{{"scratch \"x\"", "clean"}, {false, true}};

Decisions with(std::variant<DefectLimits, CostMatrix> by) {
  Decisions decisions;
  decisions.temperatures = {{"A", 1.0 / 3}, {"B", 2.5}};
  decisions.rule = DecisionRule{"A", classes, std::move(by)};
  return decisions;
}

DecisionBasis basis() {
  DecisionBasis made;
  made.engine_version = "9.9";
  made.data = "parts.csv";
  made.split = "val";
  made.images = 12;
  made.escape = LimitPromise{0.1, 0.09, 30, 2};
  return made;
}

/// What is said about a file in which `change` was made.
std::string problem(const std::function<void(json&)>& change) {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "decisions.json";
  write_decisions(file, with(DefectLimits{0.25, 0.5}), basis());
  json object = json::parse(test::read_file(file));
  change(object);
  return test::error_of([&] { parse_decisions(object.dump(), "d.json"); });
}

std::string problem_of(const std::string& text) {
  return test::error_of([&] { parse_decisions(text, "d.json"); });
}

}  // namespace

TEST_CASE("decisions read back as they were written, to the last bit") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "decisions.json";
  write_decisions(file, with(DefectLimits{1.0 / 7, DefectLimits::never}), basis());
  const Decisions limits = read_decisions(file);
  CHECK(limits.temperatures == std::map<std::string, double>{{"A", 1.0 / 3}, {"B", 2.5}});
  CHECK(limits.rule->task == "A");
  CHECK(limits.rule->classes.names == classes.names);
  CHECK(limits.rule->classes.normal == classes.normal);
  CHECK(std::get<DefectLimits>(limits.rule->by).pass_below == 1.0 / 7);
  CHECK(std::get<DefectLimits>(limits.rule->by).fail_from == DefectLimits::never);

  const CostMatrix matrix{{{0, 1.0 / 3}, {5, 0}}, {0.1, 0.2}};
  write_decisions(file, with(matrix), {});
  CHECK(std::get<CostMatrix>(read_decisions(file).rule->by).costs == matrix.costs);
  CHECK(std::get<CostMatrix>(read_decisions(file).rule->by).look == matrix.look);

  write_decisions(file, {{{"A", 1}}, std::nullopt}, {});
  CHECK_FALSE(read_decisions(file).rule);
}

TEST_CASE("what it rests on stands beside it, for people") {
  const test::TemporaryFolder folder;
  write_decisions(folder.path() / "d.json", with(DefectLimits{0.25, 0.5}), basis());
  const json object = json::parse(test::read_file(folder.path() / "d.json"));
  CHECK(object["engine_version"] == "9.9");
  CHECK(object["basis"]["data"] == "parts.csv");
  CHECK(object["basis"]["escape_promise"]["allowed"] == 2);
  CHECK(object["basis"]["escape_promise"]["parts"] == 30);
}

TEST_CASE("a file that is otherwise than it is written is refused with a sentence") {
  CHECK(problem([](json&) {}).empty());
  const auto refused = [](const std::function<void(json&)>& change, const std::string& what) {
    const std::string said = problem(change);
    INFO(said);
    CHECK(contains(said, what));
    CHECK(contains(said, "d.json"));
    CHECK(contains(said, "make it again with mtl-engine calibrate"));
  };
  refused([](json& o) { o["format"] = 2; }, "newer than the 1");
  refused([](json& o) { o["format"] = 0; }, "its format is not 1");
  refused([](json& o) { o["format"] = -1; }, "no format number");
  refused([](json& o) { o.erase("rule"); }, "has no key 'rule'");
  refused([](json& o) { o["more"] = 1; }, "unknown key 'more'");
  refused([](json& o) { o["temperatures"]["A"] = 0; }, "the temperature of task 'A' is 0, outside 0.05 to 20");
  refused([](json& o) { o["temperatures"]["A"] = "2"; }, "is no number");
  refused([](json& o) { o["temperatures"] = json::array(); }, "'temperatures' is no object");
  refused([](json& o) { o["rule"]["limits"]["pass_below"] = 0.75; }, "'pass_below' is above 'fail_from'");
  refused([](json& o) { o["rule"]["limits"]["fail_from"] = 1.5; }, "outside 0");
  refused([](json& o) { o["rule"]["limits"].erase("fail_from"); }, "has no key 'fail_from'");
  refused([](json& o) { o["rule"]["costs"] = {{"costs", json::array()}, {"look", json::array()}}; }, "either");
  refused([](json& o) { o["rule"].erase("limits"); }, "either");
  refused([](json& o) { o["rule"]["normal"] = {true, true}; }, "both a normal class");
  refused([](json& o) { o["rule"]["normal"] = {true}; }, "one per class");
  refused([](json& o) { o["rule"]["classes"] = {"a", "a"}; }, "the same name");
  refused([](json& o) { o["rule"]["classes"] = {1, 2}; }, "no list of texts");
  refused([](json& o) { o["rule"]["task"] = 1; }, "'task' of the rule is no text");
  refused(
      [](json& o) {
        o["rule"].erase("limits");
        o["rule"]["costs"] = {{"costs", {{0, 1}, {-1, 0}}}, {"look", json::array()}};
      },
      "outside 0");
  refused(
      [](json& o) {
        o["rule"].erase("limits");
        o["rule"]["costs"] = {{"costs", {{0, 1}}}, {"look", json::array()}};
      },
      "do not have 2 rows");
}

TEST_CASE("text that is no such JSON is refused, however it is made") {
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("[]"), std::string("\xff\xfe"), std::string(100000, '['),
        std::string(17 << 20, ' '), std::string("{\"format\": 1, \"format\": 1}"), std::string("{\"format\": 1e999}")})
    CHECK_FALSE(problem_of(text).empty());
  CHECK(contains(problem_of("{\"format\": 1, \"format\": 1}"), "stands twice"));
  CHECK(contains(problem_of(std::string(17 << 20, ' ')), "larger than 16 MiB"));
  CHECK(contains(test::error_of([] { read_decisions("/no/such/decisions.json"); }), "/no/such/decisions.json"));
}
