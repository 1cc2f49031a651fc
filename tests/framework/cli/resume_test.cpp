#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"

using namespace mtl;
using nlohmann::json;
using test::Engine;
using test::read_file;
using test::task_a;
using test::task_b;
using test::tiny_config;
namespace fs = std::filesystem;

namespace {

/// Everything that training carries from step to step: a moving average, accumulation, measured gradients, early
/// stopping.
const std::string everything =
    "ema_decay = 0.9\naccumulate = 2\ngradient_batches = 2\npatience = 2\ncheckpoint_every = \"1 steps\"\n";

std::string without_times(const fs::path& metrics) {
  std::istringstream lines(read_file(metrics));
  std::string text;
  for (std::string line; std::getline(lines, line);) {
    json object = json::parse(line);
    object.erase("time");
    text += object.dump() + "\n";
  }
  return text;
}

void check_same(const fs::path& run, const fs::path& undisturbed) {
  for (const char* file : {"model.safetensors", "checkpoints/last.safetensors", "checkpoints/best.safetensors",
                           "predictions.csv", "classes.json", "confusion_A.csv"})
    CHECK_MESSAGE(read_file(run / file) == read_file(undisturbed / file), file);
  CHECK(without_times(run / "metrics.jsonl") == without_times(undisturbed / "metrics.jsonl"));
}

size_t checkpoints_of(const fs::path& run) {
  size_t count = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run / "checkpoints", error))
    count += entry.path().filename().string().rfind("step_", 0) == 0;
  return count;
}

bool wait_for(const std::function<bool()>& done) {
  for (int i = 0; i < 6000 && !done(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  return done();
}

std::vector<std::string> named(const std::string& name, std::vector<std::string> more = {}) {
  std::vector<std::string> arguments{"run", "tiny.toml", "--set", "run.name=" + name};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace

TEST_CASE("a run that is killed again and again ends in the same bits as one that is not") {
  for (const char* kind : {"adamw", "sgd"}) {
    const Engine engine;
    engine.folder().write("tiny.toml", tiny_config(task_a + task_b, everything));
    const std::vector<std::string> more{"--set", "train.epochs=4", "--set",
                                        std::string("train.optimizer.kind=") + kind};
    const fs::path runs = engine.folder().path() / "runs";
    REQUIRE(engine.run(named("whole", more)).code == 0);
    CHECK(checkpoints_of(runs / "whole") == 0);  // they are for going on

    std::vector<std::string> resumed = more;
    resumed.push_back("--resume");
    int kills = 0;
    for (bool done = false; !done && kills < 40;) {
      const pid_t child = engine.start(named("killed", resumed));
      const auto start = std::chrono::steady_clock::now();
      const auto patience = std::chrono::milliseconds(250 + 90 * (kills % 5));
      while (::kill(child, 0) == 0 && std::chrono::steady_clock::now() - start < patience)
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      if (kills < 8) ::kill(child, SIGKILL);
      const auto result = engine.wait(child);
      INFO(result.text);
      REQUIRE((result.code == 0 || result.code == -SIGKILL));
      done = result.code == 0;
      ++kills;
    }
    check_same(runs / "killed", runs / "whole");
  }
}

TEST_CASE("a stop in the middle of an epoch goes on at the next step") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a + task_b, everything));
  const fs::path runs = engine.folder().path() / "runs";
  REQUIRE(engine.run(named("whole", {"--set", "train.epochs=40", "--set", "train.patience=0"})).code == 0);
  const std::vector<std::string> stopped =
      named("stopped", {"--set", "train.epochs=40", "--set", "train.patience=0", "--resume"});
  for (const int signal : {SIGTERM, SIGHUP}) {
    const size_t before = read_file(runs / "stopped/metrics.jsonl").size();
    const pid_t child = engine.start(stopped);
    REQUIRE(wait_for([&] { return read_file(runs / "stopped/metrics.jsonl").size() > before; }));
    ::kill(child, signal);
    const auto result = engine.wait(child);
    INFO(result.text);
    CHECK(result.code == 128 + signal);
    CHECK(result.text.find("--resume goes on from the last checkpoint") != std::string::npos);
    CHECK(checkpoints_of(runs / "stopped") > 0);
  }
  const auto result = engine.run(stopped);
  INFO(result.text);
  CHECK(result.code == 0);
  CHECK(result.text.find("goes on in epoch ") != std::string::npos);
  check_same(runs / "stopped", runs / "whole");

  const auto again = engine.run(stopped);
  CHECK(again.code == 0);
  CHECK(again.text.find("is finished; there is nothing to go on with") != std::string::npos);
  check_same(runs / "stopped", runs / "whole");
}

TEST_CASE("a damaged newest checkpoint is noticed, and the one before it is used") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a + task_b, everything));
  const fs::path runs = engine.folder().path() / "runs";
  REQUIRE(engine.run(named("whole", {"--set", "train.epochs=30", "--set", "train.patience=0"})).code == 0);
  const std::vector<std::string> cut =
      named("cut", {"--set", "train.epochs=30", "--set", "train.patience=0", "--resume"});
  const pid_t child = engine.start(cut);
  REQUIRE(wait_for([&] { return checkpoints_of(runs / "cut") == 2; }));
  ::kill(child, SIGKILL);
  engine.wait(child);
  fs::path newest;
  for (const auto& entry : fs::directory_iterator(runs / "cut/checkpoints"))
    if (entry.path().filename().string().rfind("step_", 0) == 0 && entry.path() > newest) newest = entry.path();
  const std::string bytes = read_file(newest / "training.safetensors");
  engine.folder().write("runs/cut/checkpoints/" + newest.filename().string() + "/training.safetensors",
                        bytes.substr(0, bytes.size() / 2));
  const auto result = engine.run(cut);
  INFO(result.text);
  CHECK(result.code == 0);
  CHECK(result.text.find("the checkpoint '" + newest.string() +
                         "' is damaged: the digest of training.safetensors is another; the one before it is used") !=
        std::string::npos);
  check_same(runs / "cut", runs / "whole");
}

TEST_CASE("what goes on has to be what was begun") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a, "checkpoint_every = \"1 steps\"\n"));
  const fs::path runs = engine.folder().path() / "runs";
  const auto begin = [&](const std::string& name) {
    const pid_t child = engine.start(named(name, {"--set", "train.epochs=1000"}));
    REQUIRE(wait_for([&] { return checkpoints_of(runs / name) > 0; }));
    ::kill(child, SIGKILL);
    engine.wait(child);
  };
  begin("one");
  const auto other = engine.run(named("one", {"--set", "train.epochs=1001", "--resume"}));
  CHECK(other.code == 2);
  CHECK(other.text.find("was begun with other settings (train.epochs = 1000, now 1001); go on with those") !=
        std::string::npos);
  const auto without = engine.run(named("one", {"--set", "train.epochs=1000"}));
  CHECK(without.code == 1);
  CHECK(without.text.find("holds a run already; go on with it where it was stopped (--resume)") != std::string::npos);
  engine.folder().write("runs/foreign/letter.txt", "dear");
  const auto foreign = engine.run(named("foreign", {"--resume"}));
  CHECK(foreign.code == 1);
  CHECK(foreign.text.find("holds something else than a run") != std::string::npos);
  CHECK(read_file(runs / "foreign/letter.txt") == "dear");
}

TEST_CASE("two processes do not train into one folder") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a, "checkpoint_every = \"1 steps\"\n"));
  const pid_t child = engine.start(named("one", {"--set", "train.epochs=100000"}));
  REQUIRE(wait_for([&] { return checkpoints_of(engine.folder().path() / "runs/one") > 0; }));
  const auto second = engine.run(named("one", {"--set", "train.epochs=100000", "--resume"}));
  CHECK(second.code == 1);
  CHECK(second.text.find("is in use by another mtl-engine") != std::string::npos);
  ::kill(child, SIGTERM);
  CHECK(engine.wait(child).code == 128 + SIGTERM);
}
