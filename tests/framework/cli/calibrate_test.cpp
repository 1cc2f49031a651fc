#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "framework/data/csv_reader.h"
#include "tests/framework/cli/trained_run.h"
#include "tests/support/contains.h"

using namespace mtl;
using nlohmann::json;
using test::contains;
using test::Engine;
using test::read_file;
namespace fs = std::filesystem;

namespace {

Engine::Result calibrate(const Engine& engine, std::vector<std::string> arguments) {
  arguments.insert(arguments.begin(), {"calibrate", "runs/t"});
  return engine.run(std::move(arguments));
}

json decisions_of(const fs::path& run) { return json::parse(read_file(run / "decisions.json")); }

}  // namespace

TEST_CASE("temperatures alone change probabilities and no label; --uncalibrated leaves them out") {
  const Engine engine;
  const fs::path run = test::train_on_files(engine);
  const std::string before = engine.run({"predict", "runs/t", "d", "--format", "csv"}).text;
  const auto result = calibrate(engine, {});
  INFO(result.text);
  REQUIRE(result.code == 0);
  CHECK(contains(result.text, "temperatures:\n  A: "));
  const json decisions = decisions_of(run);
  CHECK(decisions["rule"].is_null());
  CHECK(decisions["basis"]["split"] == "val");
  CHECK(read_csv(run / "calibration/temperatures.csv").rows.size() == 2);
  CHECK(contains(read_file(run / "calibration/report.html"), "Temperatures only"));
  const CsvTable rejects = read_csv(run / "calibration/rejects.csv");
  CHECK(rejects.header.front() == "rejected");
  CHECK(rejects.rows.front()[0] == "0");

  const auto labels_in = [&](const std::string& text) {
    engine.folder().write("answers.csv", text);
    std::vector<std::string> labels, probabilities;
    for (const auto& row : read_csv(engine.folder().path() / "answers.csv").rows) {
      labels.push_back(row[1]);
      probabilities.push_back(row[2]);
    }
    return std::pair(labels, probabilities);
  };
  const auto strip = [](const std::string& text) { return text.substr(0, text.rfind("\n", text.size() - 2) + 1); };
  const auto [labels, probabilities] = labels_in(strip(engine.run({"predict", "runs/t", "d", "--format", "csv"}).text));
  const auto [labels_before, probabilities_before] = labels_in(strip(before));
  CHECK(labels == labels_before);
  CHECK(probabilities != probabilities_before);
  CHECK(strip(engine.run({"predict", "runs/t", "d", "--format", "csv", "--uncalibrated"}).text) == strip(before));
}

TEST_CASE("limits are chosen, kept beside the model and used by predict") {
  const Engine engine;
  const fs::path run = test::train_on_files(engine);
  const auto refused = calibrate(engine, {"--max-escape", "0.01"});
  CHECK(refused.code == 1);
  CHECK(contains(refused.text, "are too few to promise --max-escape 1 % at 95 % confidence"));
  CHECK_FALSE(fs::exists(run / "decisions.json"));

  const auto result = calibrate(engine, {"--max-escape", "0.2", "--max-overkill", "0.2", "--observed"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  CHECK(contains(result.text, "Task A: a part passes where its defect probability is below "));
  CHECK(contains(result.text, "Nothing is promised"));
  const json rule = decisions_of(run)["rule"];
  const double pass = rule["limits"]["pass_below"];
  const auto answers = engine.run({"predict", "runs/t", "d", "--out", "a.jsonl"});
  REQUIRE(answers.code == 0);
  std::istringstream lines(read_file(engine.folder().path() / "a.jsonl"));
  size_t normal = 0;
  for (std::string line; std::getline(lines, line);) {
    const json one = json::parse(line);
    CHECK((one["decision"] == "normal") == (one["defect_probability"].get<double>() < pass));
    normal += one["decision"] == "normal";
  }
  CHECK(normal > 0);
  CHECK(contains(read_file(run / "calibration/report.html"), "Other limits"));

  const auto again = calibrate(engine, {});
  CHECK(again.code == 1);
  CHECK(contains(again.text, "decisions.json' is there already; replace it with --replace"));
  const auto promised =
      calibrate(engine, {"--max-escape", "0.5", "--task", "B", "--data", "d/manifest.csv", "--replace"});
  INFO(promised.text);
  CHECK(promised.code == 0);
  CHECK(contains(promised.text, "Promised with 95 % confidence: of all defective parts like these at most "));
  CHECK(decisions_of(run)["rule"]["task"] == "B");
  CHECK(decisions_of(run)["basis"]["parts"] == 60);
}

TEST_CASE("a cost matrix decides by the least expected cost") {
  const Engine engine;
  const fs::path run = test::train_on_files(engine);
  const json classes = json::parse(read_file(run / "classes.json"))["A"]["classes"];
  const json normal = json::parse(read_file(run / "classes.json"))["A"]["normal"];
  std::string header = "truth", rows;
  for (const json& name : classes) header += "," + name.get<std::string>();
  for (size_t truth = 0; truth < classes.size(); ++truth) {
    rows += classes[truth].get<std::string>();
    for (size_t answer = 0; answer < classes.size(); ++answer)
      rows += truth == answer ? ",0" : !normal[truth] && normal[answer] ? ",100" : ",1";
    rows += ",1.5\n";
  }
  engine.folder().write("costs.csv", header + ",look\n" + rows);
  const auto result = calibrate(engine, {"--costs", "costs.csv"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  CHECK(contains(result.text, "each picture gets the class of the least expected cost, or a person looks"));
  CHECK(contains(engine.run({"predict", "runs/t", "d"}).text, "\"decided_class\":"));
  engine.folder().write("costs.csv", header + "\n");
  const auto short_file = calibrate(engine, {"--costs", "costs.csv", "--replace"});
  CHECK(short_file.code == 1);
  CHECK(contains(short_file.text, "costs.csv"));
}

TEST_CASE("what cannot be calibrated is a sentence, and wrong usage is told as such") {
  const Engine engine;
  const fs::path run = test::train_on_files(engine, test::task_d);
  const auto says = [&](std::vector<std::string> arguments, int code, const std::string& sentence) {
    const auto result = calibrate(engine, std::move(arguments));
    INFO(result.text);
    CHECK(result.code == code);
    CHECK(contains(result.text, sentence));
  };
  says({"--max-overkill", "0.1"}, 2, "--max-overkill and --observed belong to --max-escape");
  says({"--max-escape", "0.1", "--costs", "c.csv"}, 2, "--costs decides by itself");
  says({"--max-escape", "1.5"}, 2, "--max-escape");
  says({"--split", "all"}, 2, "holds the pictures that it was trained on");
  says({"--split", "train"}, 2, "--split");
  says({"--group", "part"}, 2, "--group is a column of another manifest");
  says({"--max-escape", "0.1", "--task", "D"}, 1, "does not tell normal parts from defective ones");
  says({"--max-escape", "0.1", "--task", "Q"}, 1, "there is no task 'Q'");
  says({"--costs", "no.csv"}, 1, "no.csv");
  says({"--data", "no.csv"}, 1, "no.csv");
  says({"--split", "test"}, 0, "figures of the test split are no longer those of untouched pictures");
  CHECK(fs::exists(run / "decisions.json"));
  engine.folder().write("runs/t/decisions.json", "{}");
  const auto predicted = engine.run({"predict", "runs/t", "d"});
  CHECK(predicted.code == 1);
  CHECK(contains(predicted.text, "decisions.json holds no decisions of this engine"));
}
