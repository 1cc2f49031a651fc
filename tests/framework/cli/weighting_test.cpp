#include <doctest/doctest.h>

#include <cmath>
#include <csignal>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"

using namespace mtl;
using nlohmann::json;
using test::Engine;
using test::read_file;

namespace {

std::vector<json> epochs_of(const std::filesystem::path& run) {
  std::istringstream lines(read_file(run / "metrics.jsonl"));
  std::vector<json> epochs;
  for (std::string line; std::getline(lines, line);)
    if (json object = json::parse(line); object.contains("epoch")) {
      object.erase("time");
      epochs.push_back(object);
    }
  return epochs;
}

}  // namespace

TEST_CASE("every method trains, states its weights, and goes on bit for bit after a stop") {
  const Engine engine;
  engine.folder().write(
      "tiny.toml", test::tiny_config(test::task_a + test::task_b + test::task_d, "checkpoint_every = \"1 steps\"\n"));
  for (const char* method : {"uncertainty", "famo", "gradnorm", "pcgrad", "imtl", "db_mtl", "gradient_gating"}) {
    CAPTURE(method);
    const std::string plugin = std::string("weighting.plugin=") + method;
    const auto arguments = [&](const std::string& name, const std::string& epochs) {
      return std::vector<std::string>{"run",     "tiny.toml",        "--set", plugin,
                                      "--set",   "run.name=" + name, "--set", "train.epochs=" + epochs,
                                      "--resume"};
    };
    const std::string whole = std::string(method) + "_whole", cut = std::string(method) + "_cut";
    const auto result = engine.run(arguments(whole, "3"));
    INFO(result.text);
    REQUIRE(result.code == 0);
    const auto epochs = epochs_of(engine.folder().path() / "runs" / whole);
    REQUIRE(epochs.size() == 3);
    for (const json& epoch : epochs) {
      double sum = 0;
      for (const auto& [task, weight] : epoch["weight"].items()) sum += weight.get<double>();
      CHECK(epoch["effective_learning_rate"].get<double>() ==
            doctest::Approx(sum * epoch["learning_rate"].get<double>()));
      CHECK(epoch["skipped_steps"] == 0);
    }
    // Killed in the middle, again and again.
    int code = -9, starts = 0;
    while (code != 0 && starts < 12) {
      const pid_t child = engine.start(arguments(cut, "3"));
      if (starts < 4) {
        ::usleep(static_cast<useconds_t>(450'000 + 120'000 * starts));
        ::kill(child, SIGKILL);
      }
      ++starts;
      code = engine.wait(child).code;
    }
    CHECK(code == 0);
    CHECK(read_file(engine.folder().path() / "runs" / cut / "model.safetensors") ==
          read_file(engine.folder().path() / "runs" / whole / "model.safetensors"));
    CHECK(epochs_of(engine.folder().path() / "runs" / cut) == epochs);
  }
}

TEST_CASE("methods that compare gradients report them in every epoch, and all can be normalized") {
  const Engine engine;
  engine.folder().write("tiny.toml", test::tiny_config(test::task_a + test::task_b));
  for (const char* over : {"backbone", "last_stage", "features"}) {
    CAPTURE(over);
    const std::string name = over;
    const auto result = engine.run({"run", "tiny.toml", "--set", "weighting.plugin=upgrad", "--set",
                                    "weighting.normalize=sum_to_one", "--set", "weighting.over=" + name, "--set",
                                    "run.name=" + name, "--set", "train.gradient_batches=2"});
    INFO(result.text);
    REQUIRE(result.code == 0);
    const json last = epochs_of(engine.folder().path() / "runs" / name).back();
    CHECK(last["gradient_norm"]["A"].get<double>() > 0);
    CHECK(std::abs(last["gradient_cosine"]["B"].get<double>()) <= 1);
    CHECK(last["gradient_conflict"]["A"] == 0.0);
    CHECK(last["weight"]["A"].get<double>() + last["weight"]["B"].get<double>() == doctest::Approx(1));
  }
}

TEST_CASE("a method that needs the gradients says where it can have them") {
  const Engine engine;
  engine.folder().write("tiny.toml", test::tiny_config(test::task_a + test::task_b));
  const auto result =
      engine.run({"run", "tiny.toml", "--set", "weighting.plugin=db_mtl", "--set", "weighting.over=features"});
  CHECK(result.code == 1);
  CHECK(result.text.find("goes with weighting.over = \"backbone\" alone, and not with \"features\"") !=
        std::string::npos);
}
