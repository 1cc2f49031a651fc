#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

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
using test::tiny_config;
namespace fs = std::filesystem;

namespace {

/// A run on the synthetic parts as PNG files in d/.
void train(const Engine& engine) {
  REQUIRE(engine.run({"data", "synth", "d", "--parts", "60", "--image-size", "32"}).code == 0);
  engine.folder().write(
      "t.toml", tiny_config(task_a + task_b) + "[data]\nsource = \"manifest\"\nmanifest = \"d/manifest.csv\"\n");
  const auto result = engine.run({"run", "t.toml"});
  INFO(result.text);
  REQUIRE(result.code == 0);
}

fs::path a_picture_in(const fs::path& folder) {
  for (const auto& entry : fs::recursive_directory_iterator(folder))
    if (entry.path().extension() == ".png") return entry.path();
  return {};
}

std::vector<json> lines_of(const fs::path& file) {
  std::ifstream in(file);
  std::vector<json> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(json::parse(line));
  return lines;
}

std::string cell(const CsvTable& table, size_t row, const std::string& column) {
  for (size_t c = 0; c < table.header.size(); ++c)
    if (table.header[c] == column) return table.rows[row][c];
  return "no such column";
}

}  // namespace

TEST_CASE("the answers to the test pictures are those of the run's own evaluation") {
  const Engine engine;
  train(engine);
  const CsvTable expected = read_csv(engine.folder().path() / "runs/t/predictions.csv");
  REQUIRE(expected.rows.size() > 20);
  std::vector<std::string> command{"predict", "runs/t", "--out", "answers.jsonl", "--batch", "7"};
  for (size_t row = 0; row < expected.rows.size(); ++row) command.push_back("d/" + cell(expected, row, "image"));
  const auto result = engine.run(command);
  INFO(result.text);
  REQUIRE(result.code == 0);
  CHECK(contains(result.text, std::to_string(expected.rows.size()) + " pictures answered, 0 not readable"));

  const std::vector<json> answers = lines_of(engine.folder().path() / "answers.jsonl");
  REQUIRE(answers.size() == expected.rows.size());
  for (size_t row = 0; row < answers.size(); ++row)
    for (const char* task : {"A", "B"}) {
      INFO(answers[row].dump());
      CHECK(answers[row]["tasks"][task]["label"] == cell(expected, row, std::string(task) + "_prediction"));
      CHECK(answers[row]["tasks"][task]["probability"].get<double>() ==
            doctest::Approx(std::stod(cell(expected, row, std::string(task) + "_probability"))).epsilon(1e-4));
    }
}

TEST_CASE("pictures that cannot be read are named and stop nothing") {
  const Engine engine;
  train(engine);
  const fs::path good = a_picture_in(engine.folder().path() / "d");
  const std::string bytes = read_file(good);
  fs::create_directories(engine.folder().path() / "p");
  engine.folder().write("p/1 good.png", bytes);
  engine.folder().write("p/2 empty.png", "");
  engine.folder().write("p/3 cut.png", bytes.substr(0, bytes.size() / 2));
  engine.folder().write("p/4 text.jpg", "no picture at all");
  engine.folder().write("p/5 line\nbreak.png", bytes);
  fs::create_symlink("nowhere", engine.folder().path() / "p/6 gone.png");
  std::string damaged = bytes;
  for (size_t i = bytes.size() / 3; i < bytes.size() / 2; ++i) damaged[i] = static_cast<char>(~damaged[i]);
  engine.folder().write("p/7 damaged.png", damaged);

  const auto result = engine.run({"predict", "runs/t", "p", "--out", "a.csv", "--format", "csv"});
  INFO(result.text);
  CHECK(result.code == 0);
  CHECK(contains(result.text, "2 pictures answered, 4 not readable"));  // a dangling link is no file of the folder
  const CsvTable answers = read_csv(engine.folder().path() / "a.csv");
  REQUIRE(answers.rows.size() == 6);
  CHECK(cell(answers, 0, "error") == "");
  CHECK(contains(cell(answers, 1, "error"), "2 empty.png' is empty"));
  CHECK(contains(cell(answers, 2, "error"), "3 cut.png"));
  CHECK(contains(cell(answers, 3, "error"), "is no PNG, JPEG, BMP or TIFF picture"));
  CHECK(cell(answers, 4, "A_prediction") == cell(answers, 0, "A_prediction"));
  CHECK(contains(cell(answers, 5, "error"), "7 damaged.png"));

  const auto table = engine.run({"predict", "runs/t", "p", "--format", "table"});
  CHECK(contains(table.text, "5 line?break.png"));
  const auto named = engine.run({"predict", "runs/t", "p/2 empty.png", "p/6 gone.png"});
  CHECK(named.code == 1);
}

TEST_CASE("an answer file is not overwritten, and wrong usage is told") {
  const Engine engine;
  train(engine);
  engine.folder().write("mine.txt", "precious");
  const auto taken = engine.run({"predict", "runs/t", "d", "--out", "mine.txt"});
  CHECK(taken.code == 1);
  CHECK(contains(taken.text, "'mine.txt' is there already"));
  CHECK(read_file(engine.folder().path() / "mine.txt") == "precious");
  CHECK(engine.run({"predict", "runs/t"}).code == 2);
  CHECK(engine.run({"predict", "runs/t", "d", "--watch", "d"}).code == 2);
  const auto no_run = engine.run({"predict", "d", "d"});
  CHECK(no_run.code == 1);
  CHECK(contains(no_run.text, "is no folder of a finished run"));
}

TEST_CASE("a folder that is being filled is answered picture by picture until it is stopped") {
  const Engine engine;
  train(engine);
  const fs::path root = engine.folder().path(), good = a_picture_in(root / "d");
  fs::create_directories(root / "camera");
  const pid_t child = engine.start({"predict", "runs/t", "--watch", "camera", "--out", "seen.jsonl"});
  const auto wait_for = [&](size_t lines) {
    for (int tries = 0; tries < 500; ++tries) {
      if (lines_of(root / "seen.jsonl").size() >= lines) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  };
  fs::copy_file(good, root / "camera/1.png");
  CHECK(wait_for(1));
  fs::copy_file(good, root / "camera/2.png");
  CHECK(wait_for(2));
  ::kill(child, SIGINT);
  CHECK(engine.wait(child).code == 0);
  const auto seen = lines_of(root / "seen.jsonl");
  REQUIRE(seen.size() == 2);
  CHECK(seen[0]["image"] == "camera/1.png");
  CHECK(seen[1]["image"] == "camera/2.png");
}
