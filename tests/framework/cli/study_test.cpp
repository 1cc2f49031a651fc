#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <thread>

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

std::string study_toml(const std::string& more = "") {
  return "[study]\nbase = \"base.toml\"\nset = [\"train.epochs=1\"]\nseeds = [1, 2]\n" + more;
}

void write_study(const Engine& engine, const std::string& more = "") {
  engine.folder().write("base.toml", tiny_config(task_a + task_b + task_d));
  engine.folder().write("s.toml", study_toml(more));
}

json record_of(const Engine& engine, const std::string& run) {
  return json::parse(read_file(engine.folder().path() / "runs/s/runs" / run / "result.json"));
}

/// Every table's text by its file.
std::map<std::string, std::string> tables_in(const fs::path& study) {
  std::map<std::string, std::string> tables;
  for (const auto& entry : fs::directory_iterator(study))
    if (entry.path().extension() == ".csv" || entry.path().extension() == ".md")
      tables[entry.path().filename()] = read_file(entry.path());
  return tables;
}

}  // namespace

TEST_CASE("a study trains every arm with every seed, fairly, and leaves tables and a page") {
  const Engine engine;
  write_study(engine);
  const auto result = engine.run({"study", "s.toml"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  const fs::path study = engine.folder().path() / "runs/s";
  for (const char* file : {"report.html", "tables.md", "table1.csv", "table4.csv", "statistics.csv", "attribution.csv"})
    CHECK_MESSAGE(fs::exists(study / file), file);

  for (const char* seed : {"_seed1", "_seed2"}) {
    const json alone = record_of(engine, std::string("a") + seed);
    for (const char* arm : {"ab", "ad", "abd"}) {
      const json with = record_of(engine, arm + std::string(seed));
      CHECK(with["digests"] == alone["digests"]);
      CHECK(with["test"].size() == std::string(arm).size());
    }
  }
  const json one = record_of(engine, "a_seed1")["digests"], two = record_of(engine, "a_seed2")["digests"];
  CHECK(one["split"] == two["split"]);
  for (const char* what : {"batches", "backbone", "main_head"}) CHECK(one[what] != two[what]);
  CHECK(contains(read_file(study / "runs/abd_seed1/metrics.jsonl"), "gradient_cosine"));
  CHECK(contains(result.text, "between abd and a is shown"));

  const auto again = engine.run({"study", "s.toml"});
  CHECK(again.code == 0);
  CHECK(contains(again.text, "8 finished, 0 to do"));
}

TEST_CASE("a study that is killed at any moment goes on and ends with the same tables") {
  const Engine undisturbed;
  write_study(undisturbed);
  REQUIRE(undisturbed.run({"study", "s.toml"}).code == 0);

  const Engine killed;
  write_study(killed);
  for (const int milliseconds : {300, 1500, 2500}) {
    const pid_t child = killed.start({"study", "s.toml"});
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    ::kill(child, SIGKILL);
    killed.wait(child);
  }
  const auto result = killed.run({"study", "s.toml"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  CHECK(tables_in(killed.folder().path() / "runs/s") == tables_in(undisturbed.folder().path() / "runs/s"));
}

TEST_CASE("SIGTERM ends a study with what is finished, and it goes on") {
  const Engine engine;
  write_study(engine);
  const pid_t child = engine.start({"study", "s.toml"});
  const fs::path first = engine.folder().path() / "runs/s/runs/a_seed1/result.json";
  for (int tries = 0; tries < 3000 && !fs::exists(first); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ::kill(child, SIGTERM);
  const auto stopped = engine.wait(child);
  INFO(stopped.text);
  CHECK(stopped.code == 128 + SIGTERM);
  CHECK(fs::exists(engine.folder().path() / "runs/s/report.html"));
  CHECK(engine.run({"study", "s.toml"}).code == 0);
}

TEST_CASE("arms can be chosen, and run side by side") {
  const Engine engine;
  write_study(engine);
  const auto result = engine.run({"study", "s.toml", "--only", "a,ad", "--jobs", "2"});
  INFO(result.text);
  CHECK(result.code == 0);
  CHECK(fs::exists(engine.folder().path() / "runs/s/runs/ad_seed2/result.json"));
  CHECK_FALSE(fs::exists(engine.folder().path() / "runs/s/runs/ab_seed1"));
  const auto wrong = engine.run({"study", "s.toml", "--only", "ax"});
  CHECK(wrong.code == 2);
  CHECK(contains(wrong.text, "there is no arm 'ax' (did you mean"));
}

TEST_CASE("a dry run tells the plan and the time, and leaves nothing") {
  const Engine engine;
  write_study(engine);
  const auto result = engine.run({"study", "s.toml", "--dry-run"});
  INFO(result.text);
  CHECK(result.code == 0);
  CHECK(contains(result.text, "4 arm(s) x 2 seed(s) = 8 runs"));
  CHECK(contains(result.text, "abd: A + B + D"));
  CHECK(contains(result.text, "a run takes about 0:"));
  CHECK_FALSE(fs::exists(engine.folder().path() / "runs"));
}

TEST_CASE("finished runs of another configuration are not mixed in") {
  const Engine engine;
  write_study(engine, "arms = [\"ab\"]\n");
  REQUIRE(engine.run({"study", "s.toml"}).code == 0);
  const auto changed =
      engine.run({"study", "s.toml", "--set", "study.set=[\"train.epochs=1\", \"train.batch_size=8\"]"});
  CHECK(changed.code == 2);
  CHECK(contains(changed.text, "train.batch_size = 16, now 8"));
  CHECK(contains(changed.text, "give the study another name (--set study.name=NAME)"));
  const auto more = engine.run({"study", "s.toml", "--set", "study.arms=[\"ab\", \"ad\"]"});
  CHECK(more.code == 0);
  CHECK(contains(more.text, "4 finished, 2 to do"));
}

TEST_CASE("a run that fails is named, does not stop the others, and is tried again") {
  const Engine engine;
  const std::string late =
      "[[tasks]]\nname = \"E\"\nplugin = \"late\"\ncolumn = \"region\"\nclasses = [\"body\", \"end\"]\n";
  engine.folder().write("base.toml", tiny_config(task_a + task_b + late));
  engine.folder().write("s.toml", study_toml());
  const std::vector<std::string> command{"study", "s.toml", "--plugin-dir", MTL_BUILD_DIR "/test-plugins"};
  const auto result = engine.run(command);
  INFO(result.text);
  CHECK(result.code == 1);
  CHECK(contains(result.text, "ae_seed1: task 'E'"));
  CHECK(contains(result.text, "its forward() failed: five batches are enough"));
  CHECK(contains(read_file(engine.folder().path() / "runs/s/runs.csv"), "five batches are enough"));
  CHECK(fs::exists(engine.folder().path() / "runs/s/runs/ab_seed2/result.json"));
  CHECK(contains(engine.run(command).text, "4 finished, 4 to do"));
}

TEST_CASE("axes train every arm with each of their values and compare with the first") {
  const Engine engine;
  write_study(engine, "arms = [\"ab\"]\nauxiliary_weights = [0.1, 1]\n");
  const auto result = engine.run({"study", "s.toml"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  const fs::path runs = engine.folder().path() / "runs/s/runs";
  CHECK(contains(read_file(runs / "w0.1_ab_seed1/config.toml"), "weight = 0.1"));
  CHECK(fs::exists(runs / "w1.0_ab_seed2/result.json"));
  CHECK(contains(result.text, "auxiliary weight"));
}

TEST_CASE("what is wrong with a study is told before anything is trained") {
  const Engine engine;
  write_study(engine);
  const auto complains = [&](const std::string& toml, const std::string& sentence) {
    engine.folder().write("wrong.toml", toml);
    const auto result = engine.run({"study", "wrong.toml"});
    INFO(result.text);
    CHECK(result.code == 2);
    CHECK(contains(result.text, sentence));
    CHECK_FALSE(fs::exists(engine.folder().path() / "runs"));
  };
  complains("[study]\n", "[study] lacks the key 'base'");
  complains("[study]\nbase = \"none.toml\"\n", "none.toml");
  complains(study_toml("seeeds = [1]\n"), "unknown key 'seeeds' in [study] (did you mean 'seeds'?)");
  complains("[study]\nbase = \"base.toml\"\nseeds = []\n", "study.seeds is empty");
  complains("[study]\nbase = \"base.toml\"\nseeds = [1, 1]\n", "study.seeds holds a seed twice");
  complains("[study]\nbase = \"base.toml\"\nseeds = [1.5]\n", "whole numbers from 0 to 9007199254740991 are expected");
  complains("[study]\nbase = \"base.toml\"\nseeds = \"1\"\n", "a list of integers is expected");
  complains(study_toml("weightings = [\"static_weigths\"]\n"), "static_weights");
  complains(study_toml("auxiliary_weights = [0]\n"), "out of range");
  complains(study_toml("auxiliary_weights = [1e20]\n"), "which is no plain folder name");
  complains(study_toml("slices = [\"regoin\"]\n"), "did you mean 'region'?");
  complains("[study]\nbase = \"base.toml\"\nseeds = [9223372036854775807]\n", "0 to 9007199254740991 are expected");
  complains("[study]\nbase = \"base.toml\"\nset = [\"run.seed=3\"]\n", "gives its runs their names, folders and seeds");
  complains(study_toml("arms = [\"b\"]\n"), "lacks the main task 'A'");
  complains(tiny_config(task_a), "describes one run; start it with `mtl-engine run");
  const auto run = engine.run({"run", "s.toml"});
  CHECK(run.code == 2);
  CHECK(contains(run.text, "start it with `mtl-engine study s.toml`"));
}

TEST_CASE("a folder that is no study's is left alone, and so is one in use") {
  const Engine engine;
  write_study(engine);
  fs::create_directories(engine.folder().path() / "runs/s");
  engine.folder().write("runs/s/mine.txt", "precious");
  const auto result = engine.run({"study", "s.toml"});
  CHECK(result.code == 1);
  CHECK(contains(result.text, "is there and is no study's folder"));
  CHECK(read_file(engine.folder().path() / "runs/s/mine.txt") == "precious");
}

TEST_CASE("arms on a frozen backbone share its features") {
  const Engine engine;
  engine.folder().write("base.toml", tiny_config(task_a + task_b, "[train.fine_tuning]\nprobe_epochs = 1\n"));
  engine.folder().write("s.toml", study_toml());
  const auto result = engine.run({"study", "s.toml"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  size_t files = 0;
  for (const auto& entry : fs::directory_iterator(engine.folder().path() / "runs/s/features"))
    files += entry.path().extension() == ".safetensors";
  CHECK(files == 4);  // two seeds, training and validation

  const auto alone = engine.run({"run", "base.toml", "--set", "train.epochs=1", "--set", "train.gradient_batches=2"});
  REQUIRE(alone.code == 0);
  CHECK(read_file(engine.folder().path() / "runs/base/model.safetensors") ==
        read_file(engine.folder().path() / "runs/s/runs/ab_seed1/model.safetensors"));
}

TEST_CASE("runs on other pictures or labels are not mixed in") {
  const Engine engine;
  REQUIRE(engine.run({"data", "synth", "d", "--parts", "60", "--image-size", "32"}).code == 0);
  const std::string config = tiny_config(task_a + task_b);
  engine.folder().write("base.toml", config + "[data]\nsource = \"manifest\"\nmanifest = \"d/manifest.csv\"\n");
  engine.folder().write("s.toml", "[study]\nbase = \"base.toml\"\nset = [\"train.epochs=1\"]\nseeds = [1]\n");
  const auto first = engine.run({"study", "s.toml"});
  INFO(first.text);
  REQUIRE(first.code == 0);

  const fs::path data = engine.folder().path() / "d";
  std::vector<fs::path> pictures;
  for (const auto& entry : fs::recursive_directory_iterator(data))
    if (entry.path().extension() == ".png") pictures.push_back(entry.path());
  REQUIRE(pictures.size() > 1);
  fs::copy_file(pictures[0], pictures[1], fs::copy_options::overwrite_existing);
  const auto repainted = engine.run({"study", "s.toml", "--set", "study.seeds=[1, 2]"});
  CHECK(repainted.code == 2);
  CHECK(contains(repainted.text, "the pictures themselves"));

  std::string manifest = read_file(data / "manifest.csv");
  const size_t clean = manifest.find(",clean,");
  REQUIRE(clean != std::string::npos);
  engine.folder().write("d/manifest.csv", manifest.replace(clean, 7, ",scratch,"));
  const auto relabelled = engine.run({"study", "s.toml"});
  CHECK(relabelled.code == 2);
  CHECK(contains(relabelled.text, "the data's images, labels or splits"));
}

TEST_CASE("a second start waits for nobody, and loses nothing") {
  const Engine engine;
  write_study(engine);
  const pid_t child = engine.start({"study", "s.toml"});
  const fs::path first = engine.folder().path() / "runs/s/runs/a_seed1/result.json";
  for (int tries = 0; tries < 3000 && !fs::exists(first); ++tries)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  const auto written = fs::last_write_time(first);
  ::kill(child, SIGSTOP);  // so that it does not end meanwhile
  const Engine elsewhere;
  const std::string folder = "study.folder=" + (engine.folder().path() / "runs").string();
  write_study(elsewhere);
  const auto second = elsewhere.run({"study", "s.toml", "--set", folder});
  CHECK(second.code == 1);
  CHECK(contains(second.text, "is in use by another mtl-engine"));
  ::kill(child, SIGCONT);
  CHECK(engine.wait(child).code == 0);
  CHECK(fs::last_write_time(first) == written);
}

TEST_CASE("a finished run that was damaged later is trained again") {
  const Engine engine;
  write_study(engine, "arms = [\"ab\"]\n");
  REQUIRE(engine.run({"study", "s.toml"}).code == 0);
  const auto before = tables_in(engine.folder().path() / "runs/s");
  engine.folder().write("runs/s/runs/ab_seed1/metrics.jsonl", "{\"epoch\": 1, \"lear");
  fs::remove(engine.folder().path() / "runs/s/runs/ab_seed2/predictions.csv");
  const auto result = engine.run({"study", "s.toml"});
  INFO(result.text);
  CHECK(result.code == 0);
  CHECK(contains(result.text, "2 finished, 2 to do"));
  CHECK(tables_in(engine.folder().path() / "runs/s") == before);
}
