#include <doctest/doctest.h>

#include <torch/torch.h>

#include <chrono>
#include <csignal>
#include <nlohmann/json.hpp>
#include <opencv2/imgcodecs.hpp>
#include <sstream>
#include <thread>

#include "framework/model/safetensors.h"
#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"

using namespace mtl;
using nlohmann::json;
using test::Engine;
using test::read_file;
using test::task_a;
using test::task_b;
using test::task_d;
using test::tiny_config;
namespace fs = std::filesystem;

namespace {

std::vector<json> metrics_of(const fs::path& run) {
  std::istringstream lines(read_file(run / "metrics.jsonl"));
  std::vector<json> parsed;
  for (std::string line; std::getline(lines, line);) {
    parsed.push_back(json::parse(line));
    parsed.back().erase("time");
  }
  return parsed;
}

std::map<std::string, at::Tensor> tensors_of(const fs::path& file) {
  std::map<std::string, at::Tensor> tensors;
  for (const NamedTensor& named : read_safetensors(file).tensors) tensors[named.name] = named.tensor;
  return tensors;
}

}  // namespace

TEST_CASE("a run leaves a folder that a person can read") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a + task_b + task_d));
  const auto result = engine.run({"run", "tiny.toml"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  const fs::path run = engine.folder().path() / "runs/tiny";
  for (const char* name :
       {"config.toml", "run.log", "metrics.jsonl", "model.safetensors", "checkpoints/best.safetensors",
        "checkpoints/last.safetensors", "classes.json", "predictions.csv", "confusion_A.csv", "confusion_A.png",
        "confusion_D.png", "learning_curves.png", "environment.json"})
    CHECK_MESSAGE(fs::exists(run / name), name);
  CHECK_FALSE(cv::imread((run / "learning_curves.png").string()).empty());
  CHECK(json::parse(read_file(run / "classes.json"))["A"]["classes"].size() == 19);

  // 60 parts x 4 pictures: header and one line per test picture.
  const auto metrics = metrics_of(run);
  REQUIRE(metrics.size() == 3);
  const auto test_images = metrics[2]["test"]["A"]["labelled"].get<int64_t>();
  const std::string predictions = read_file(run / "predictions.csv");
  CHECK(std::count(predictions.begin(), predictions.end(), '\n') == test_images + 1);
  CHECK(metrics[0]["weight"] == json{{"A", 1.0}, {"B", 0.5}, {"D", 0.3}});
  CHECK(metrics[0]["train_loss"]["A"].get<double>() > metrics[1]["train_loss"]["A"].get<double>());

  CHECK(result.text.find("loss weights (static_weights, normalize none): A 1.0, B 0.5, D 0.3") != std::string::npos);
  CHECK(result.text.find("escape rate") != std::string::npos);
  CHECK(result.text.find("\x1b[") == std::string::npos);  // plain lines where there is no terminal

  // The configuration it leaves runs again, under another name, to the same numbers.
  fs::copy_file(run / "config.toml", engine.folder().path() / "again.toml");
  CHECK(engine.run({"run", "again.toml", "--set", "run.name=again"}).code == 0);
  CHECK(metrics_of(engine.folder().path() / "runs/again") == metrics);
}

TEST_CASE("the same seed gives the same numbers and weights with any number of loader threads") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a + task_b, "ema_decay = 0.9\naccumulate = 2\n"));
  std::vector<json> metrics;
  std::string weights;
  int runs = 0;
  for (const char* threads : {"1", "1", "2", "4"}) {
    const std::string name = "run" + std::to_string(++runs);
    const fs::path run = engine.folder().path() / "runs" / name;
    REQUIRE(engine
                .run({"run", "tiny.toml", "--set", "run.name=" + name, "--set",
                      std::string("engine.loader_threads=") + threads})
                .code == 0);
    if (weights.empty()) {
      metrics = metrics_of(run);
      weights = read_file(run / "model.safetensors");
    }
    CHECK(metrics_of(run) == metrics);
    CHECK(read_file(run / "model.safetensors") == weights);
  }
  REQUIRE(engine.run({"run", "tiny.toml", "--set", "run.name=other", "--set", "run.seed=2"}).code == 0);
  CHECK(metrics_of(engine.folder().path() / "runs/other") != metrics);
}

TEST_CASE("two accumulated batches of 8 make the step of one batch of 16") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a + task_b));
  const std::vector<std::string> shared{"run",   "tiny.toml",           "--set", "train.optimizer.kind=sgd",
                                        "--set", "backbone.dropout=0.0"};
  const auto weights = [&](const std::string& name, const std::string& batch, const std::string& accumulate) {
    std::vector<std::string> arguments = shared;
    for (const std::string& text : {"run.name=" + name, "train.batch_size=" + batch, "train.accumulate=" + accumulate})
      arguments.insert(arguments.end(), {"--set", text});
    REQUIRE(engine.run(arguments).code == 0);
    return tensors_of(engine.folder().path() / "runs" / name / "checkpoints/last.safetensors");
  };
  const auto whole = weights("whole", "16", "1"), halves = weights("halves", "8", "2"),
             other = weights("other", "8", "1");
  for (const auto& [name, tensor] : whole) CHECK_MESSAGE(torch::allclose(tensor, halves.at(name), 1e-4, 1e-6), name);
  CHECK_FALSE(torch::allclose(whole.begin()->second, other.at(whole.begin()->first), 1e-4, 1e-6));
}

TEST_CASE("training stops early when nothing gets better, and the best epoch is what is saved") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a));
  const auto result = engine.run({"run", "tiny.toml", "--set", "train.epochs=9", "--set", "train.patience=2", "--set",
                                  "train.optimizer.learning_rate=1e-30"});
  INFO(result.text);
  CHECK(result.code == 0);
  CHECK(result.text.find("stopped early: no better epoch than 1 in 2 epochs") != std::string::npos);
  const fs::path run = engine.folder().path() / "runs/tiny";
  CHECK(metrics_of(run).size() == 4);
  CHECK(metrics_of(run).back()["best_epoch"] == 1);
  CHECK(read_safetensors(run / "model.safetensors").metadata.at("epoch") == "1");
}

TEST_CASE("bfloat16 autocast trains on the CPU") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a, "precision = \"bfloat16\"\n"));
  const auto result = engine.run({"run", "tiny.toml"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  const auto metrics = metrics_of(engine.folder().path() / "runs/tiny");
  CHECK(metrics[1]["train_loss"]["A"].get<double>() < metrics[0]["train_loss"]["A"].get<double>());
}

TEST_CASE("Ctrl-C finishes the step, saves the weights and exits 130") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a, "epochs = 100000\n"));
  std::string text = read_file(engine.folder().path() / "tiny.toml");
  text.erase(text.find("epochs = 2\n"), std::string("epochs = 2\n").size());
  engine.folder().write("tiny.toml", text);
  const pid_t child = engine.start({"run", "tiny.toml"});
  const fs::path run = engine.folder().path() / "runs/tiny";
  for (int i = 0; i < 600 && !fs::exists(run / "checkpoints/last.safetensors"); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  REQUIRE(fs::exists(run / "checkpoints/last.safetensors"));
  ::kill(child, SIGINT);
  const auto result = engine.wait(child);
  CHECK(result.code == 130);
  CHECK(result.text.find("the weights so far are in ") != std::string::npos);
  CHECK(tensors_of(run / "checkpoints/last.safetensors").size() > 4);
  CHECK(read_safetensors(run / "checkpoints/last.safetensors").metadata.at("whole_epoch") == "false");
}

TEST_CASE("a manifest of real files, grouped and split by the engine, with labels missing here and there") {
  const Engine engine;
  REQUIRE(engine.run({"data", "synth", "set", "--parts", "60", "--image-size", "32", "--seed", "5"}).code == 0);
  std::istringstream lines(read_file(engine.folder().path() / "set/manifest.csv"));
  std::string manifest, line;
  std::getline(lines, line);
  manifest = line + "\r\n";
  for (int row = 0; std::getline(lines, line); ++row) {
    // Every fifth picture has no illumination label.
    if (row % 5 == 0)
      for (const char* light : {"bright_field", "low_left", "low_right", "dome"})
        if (const size_t at = line.rfind(std::string(",") + light + ","); at != std::string::npos)
          line.erase(at + 1, std::strlen(light));
    manifest += line + "\r\n";
  }
  engine.folder().write("set/manifest.csv", "\xef\xbb\xbf" + manifest);
  engine.folder().write(
      "own.toml",
      tiny_config(task_a + task_d,
                  "[data]\nsource = \"manifest\"\nmanifest = \"set/manifest.csv\"\ngroup_column = \"part\"\n"));
  const auto result = engine.run({"run", "own.toml"});
  INFO(result.text);
  REQUIRE(result.code == 0);
  const auto metrics = metrics_of(engine.folder().path() / "runs/own");
  CHECK(metrics.back()["test"]["D"]["labelled"].get<int64_t>() <
        metrics.back()["test"]["A"]["labelled"].get<int64_t>());
  CHECK(read_file(engine.folder().path() / "runs/own/predictions.csv").find(",,") != std::string::npos);
}

TEST_CASE("a run's OpenMP threads wait briefly, unless its user wants otherwise") {
  const Engine engine;
  ::setenv("OMP_DISPLAY_ENV", "VERBOSE", 1);  // libgomp prints what it heard, at each start
  const std::string by_itself = engine.run({"run", "there is none.toml"}).text;
  ::setenv("GOMP_SPINCOUNT", "77", 1);
  const std::string as_told = engine.run({"run", "there is none.toml"}).text;
  ::unsetenv("GOMP_SPINCOUNT");
  ::unsetenv("OMP_DISPLAY_ENV");
  if (by_itself.find("GOMP_SPINCOUNT") == std::string::npos) {
    MESSAGE("skipped: this OpenMP is not GNU's");
    return;
  }
  CHECK(by_itself.find("GOMP_SPINCOUNT = '1000'") != std::string::npos);
  CHECK(as_told.find("GOMP_SPINCOUNT = '77'") != std::string::npos);
  CHECK(as_told.find("GOMP_SPINCOUNT = '1000'") == std::string::npos);
}
