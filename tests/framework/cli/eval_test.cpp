#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "framework/data/csv_reader.h"
#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"
#include "tests/support/contains.h"

using namespace mtl;
using nlohmann::json;
using test::contains;
using test::Engine;
using test::read_file;
using test::task_a;
using test::task_b;
using test::task_d;
using test::tiny_config;
namespace fs = std::filesystem;

namespace {

json evaluation_in(const fs::path& folder) { return json::parse(read_file(folder / "evaluation.json")); }

}  // namespace

TEST_CASE("an evaluation on the test split finds what the run found") {
  const Engine engine;
  engine.folder().write("t.toml", tiny_config(task_a + task_b + task_d));
  REQUIRE(engine.run({"run", "t.toml"}).code == 0);
  const fs::path run = engine.folder().path() / "runs/t";
  const auto result = engine.run({"eval", "runs/t", "--by", "region,illumination"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  const json found = evaluation_in(run / "eval_test"), trained = json::parse(read_file(run / "result.json"));
  for (const json& task : trained["test"]) {
    const json& same = found["tasks"][task["task"].get<std::string>()];
    CHECK(same["labelled"] == task["labelled"]);
    CHECK(same["loss"].get<double>() == doctest::Approx(task["loss"].get<double>()).epsilon(1e-5));
    for (const json& figure : task["figures"])
      CHECK(same["figures"][figure["name"].get<std::string>()] == figure["value"]);
  }
  CHECK(read_file(run / "eval_test/predictions.csv") == read_file(run / "predictions.csv"));
  CHECK(found["slices"].size() == 2 * 4 * 3);
  CHECK(found["tasks"]["A"]["calibration"]["bins"].size() == 15);
  CHECK(contains(read_file(run / "eval_test/report.html"), "Contradictions"));
  for (const std::string task : {"A", "B"}) {
    const json& ranking = found["tasks"][task]["defect_or_normal"];
    CHECK(ranking["auc"].get<double>() > 0);
    CHECK(ranking["auc"].get<double>() <= 1);
    CHECK(ranking["average_precision"].get<double>() <= 1);
    CHECK(ranking["defects"].get<int64_t>() + ranking["normals"].get<int64_t>() == found["tasks"][task]["labelled"]);
    const size_t points = ranking["points"]["limit"].size();
    CHECK(read_csv(run / ("eval_test/roc_" + task + ".csv")).rows.size() == points + 1);
    CHECK(read_csv(run / ("eval_test/precision_recall_" + task + ".csv")).rows.size() == points);
    CHECK(contains(result.text, "defect or normal by task " + task + ": area under the ROC "));
    int64_t support = 0;
    for (const json& one : found["tasks"][task]["classes"]) support += one["support"].get<int64_t>();
    CHECK(support == found["tasks"][task]["labelled"]);
  }
  CHECK(contains(read_file(run / "eval_test/report.html"), "Task A: ROC"));
  CHECK(found["tasks"]["D"]["defect_or_normal"].is_null());  // of the light: knows no normal class
  CHECK_FALSE(fs::exists(run / "eval_test/roc_D.csv"));
  CHECK(read_csv(run / "eval_test/contradictions.csv").rows.size() == found["contradictions"].get<size_t>());

  const auto again = engine.run({"eval", "runs/t"});
  CHECK(again.code == 1);
  CHECK(contains(again.text, "is there already"));
  CHECK(engine.run({"eval", "runs/t", "--split", "val"}).code == 0);
}

TEST_CASE("a run is evaluated on other pictures, labelled or not") {
  const Engine engine;
  engine.folder().write("t.toml", tiny_config(task_a + task_b));
  REQUIRE(engine.run({"run", "t.toml"}).code == 0);
  REQUIRE(engine.run({"data", "synth", "d", "--parts", "60", "--image-size", "32", "--seed", "9"}).code == 0);
  const auto all = engine.run({"eval", "runs/t", "--data", "d/manifest.csv", "--out", "e"});
  INFO(all.text);
  REQUIRE(all.code == 0);
  CHECK(evaluation_in(engine.folder().path() / "e")["images"] == 240);

  const CsvTable table = read_csv(engine.folder().path() / "d/manifest.csv");
  std::string bare = "image\n";
  for (size_t row = 0; row < 5; ++row) bare += table.rows[row][0] + "\n";
  engine.folder().write("d/bare.csv", bare);
  const auto unlabelled = engine.run({"eval", "runs/t", "--data", "d/bare.csv"});
  INFO(unlabelled.text);
  CHECK(unlabelled.code == 0);
  const json found = evaluation_in(engine.folder().path() / "runs/t/eval_bare_all");
  CHECK(found["tasks"]["A"]["labelled"] == 0);
  CHECK(found["tasks"]["A"]["loss"].is_null());
  CHECK(found["tasks"]["A"]["calibration"].is_null());
  CHECK(found["tasks"]["A"]["defect_or_normal"].is_null());
}

TEST_CASE("what cannot be evaluated is a sentence") {
  const Engine engine;
  engine.folder().write("t.toml", tiny_config(task_a));
  REQUIRE(engine.run({"run", "t.toml"}).code == 0);
  engine.folder().write("m.csv", "image,defect\n1.png,scrach\n");
  const auto says = [&](std::vector<std::string> arguments, const std::string& sentence) {
    arguments.insert(arguments.begin(), {"eval", "runs/t"});
    const auto result = engine.run(arguments);
    INFO(result.text);
    CHECK(result.code == 1);
    CHECK(contains(result.text, sentence));
  };
  says({"--by", "regoin"}, "did you mean 'region'?");
  says({"--data", "no.csv"}, "no.csv");
  says({"--data", "m.csv"},
       "m.csv:2: task 'A', column 'defect': label 'scrach' is not in the class list (did you mean 'scratch'?)");
  says({"--data", "m.csv", "--split", "test"}, "has no column that says which image is in which split");
  CHECK(engine.run({"eval", "runs/t", "--split", "tset"}).code == 2);
  CHECK_FALSE(fs::exists(engine.folder().path() / "runs/t/eval_test"));
}
