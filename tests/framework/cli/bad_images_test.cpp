#include <doctest/doctest.h>
#include <sys/stat.h>

#include <chrono>
#include <csignal>
#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"
#include "tests/framework/data/pictures.h"

using namespace mtl;
using nlohmann::json;
using test::encoded;
using test::Engine;
using test::gradient;
using test::read_file;
namespace fs = std::filesystem;

namespace {

/// Thirty pictures with a manifest that trains.
struct Pictures {
  Engine engine;

  Pictures() {
    std::string manifest = "image,defect,split\n";
    for (int i = 0; i < 30; ++i) {
      const std::string name = "p" + std::to_string(i) + ".png";
      engine.folder().write(name, encoded(".png", gradient(40 + i, 32)));
      manifest += name + "," + (i % 3 ? "free" : "crack") + "," + (i < 18 ? "train" : i < 24 ? "val" : "test") + "\n";
    }
    engine.folder().write("m.csv", manifest);
    engine.folder().write(
        "c.toml",
        test::tiny_config("[[tasks]]\nname = \"A\"\nplugin = \"defect_class\"\nclasses = [\"free\", \"crack\"]\n"
                          "normal = [\"free\"]\n",
                          "[data]\nsource = \"manifest\"\nmanifest = \"m.csv\"\n"));
  }
  fs::path file(const std::string& name) const { return engine.folder().path() / name; }
  Engine::Result check() const { return engine.run({"data", "check", "c.toml"}); }
};

const std::vector<std::string> skipping{"run", "c.toml", "--set", "data.bad_images=skip"};

std::vector<std::string> with(std::vector<std::string> arguments, const std::string& override) {
  arguments.insert(arguments.end(), {"--set", override});
  return arguments;
}

size_t count_of(const std::string& text, const std::string& part) {
  size_t count = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

/// Removes a picture once the first epoch is done.
Engine::Result run_and_remove(const Pictures& pictures, const std::vector<std::string>& arguments,
                              const std::string& name) {
  const pid_t child = pictures.engine.start(arguments);
  for (int i = 0; i < 3000 && read_file(pictures.file("runs/c/metrics.jsonl")).empty(); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  fs::remove(pictures.file(name));
  return pictures.engine.wait(child);
}

}  // namespace

TEST_CASE("data check names every picture that cannot be read, with its line") {
  Pictures p;
  const auto sound = p.check();
  CHECK(sound.code == 0);
  CHECK(sound.text == "all 30 images of m.csv can be read\n");
  fs::remove(p.file("p3.png"));
  p.engine.folder().write("p4.png", "");
  p.engine.folder().write("p7.png", encoded(".png", gradient(40, 32)).substr(0, 80));
  const auto broken = p.check();
  INFO(broken.text);
  CHECK(broken.code == 1);
  CHECK(broken.text.find("m.csv:5: image '" + p.file("p3.png").string() + "' is not there") == 0);
  CHECK(broken.text.find("m.csv:6: image '" + p.file("p4.png").string() + "' is empty") != std::string::npos);
  CHECK(broken.text.find("m.csv:9: image '" + p.file("p7.png").string() + "' is cut short") != std::string::npos);
  CHECK(broken.text.find("3 of 30 images of m.csv cannot be read\n") != std::string::npos);
  CHECK_FALSE(fs::exists(p.file("runs")));
}

TEST_CASE("skipped pictures are named once, counted and left out of their splits") {
  Pictures p;
  fs::remove(p.file("p3.png"));
  p.engine.folder().write("p20.png", "text");
  p.engine.folder().write("p29.png", "");
  CHECK(p.engine.run({"run", "c.toml"}).code == 1);
  const auto result = p.engine.run(skipping);
  INFO(result.text);
  REQUIRE(result.code == 0);
  CHECK(result.text.find("30 images from m.csv: 17 train, 5 validation, 5 test, 3 left out") != std::string::npos);
  for (const char* name : {"p3.png' is not there", "p20.png' is no PNG", "p29.png' is empty"})
    CHECK_MESSAGE(count_of(result.text, name) == 1, name);
  CHECK(json::parse(read_file(p.file("runs/c/result.json")))["left_out"] == json{"p3.png", "p20.png", "p29.png"});
  CHECK(read_file(p.file("runs/c/report.html")).find("3 images could not be read, and left out: ") !=
        std::string::npos);
  CHECK(read_file(p.file("runs/c/predictions.csv")).find("p29.png") == std::string::npos);
  for (int i = 24; i < 30; ++i) fs::remove(p.file("p" + std::to_string(i) + ".png"));
  const auto none = p.engine.run(with(skipping, "run.name=none"));
  CHECK(none.code == 1);
  CHECK(none.text.find("the test split is empty") != std::string::npos);
}

TEST_CASE("a picture that disappears in training ends the run with a sentence, or is left out from then on") {
  // Without a cache every epoch reads the files.
  const auto without_cache = [](std::vector<std::string> arguments) {
    return with(with(std::move(arguments), "data.cache_mb=0"), "train.epochs=60");
  };
  {
    const Pictures p;
    const auto result = run_and_remove(p, without_cache({"run", "c.toml"}), "p5.png");
    INFO(result.text);
    CHECK(result.code == 1);
    CHECK(count_of(result.text, "p5.png' is not there; correct its path or restore the file") == 1);
    CHECK(fs::exists(p.file("runs/c/checkpoints/last.safetensors")));
  }
  for (const char* name : {"p5.png", "p27.png"}) {  // of training and of the test
    CAPTURE(name);
    const Pictures p;
    const auto result = run_and_remove(p, without_cache(skipping), name);
    INFO(result.text);
    CHECK(result.code == 0);
    CHECK(count_of(result.text, std::string(name) + "' is not there") == 1);
    CHECK(json::parse(read_file(p.file("runs/c/result.json")))["left_out"] == json{name});
    const std::string predictions = read_file(p.file("runs/c/predictions.csv"));
    CHECK(std::count(predictions.begin(), predictions.end(), '\n') == (name[1] == '2' ? 6 : 7));
  }
}

TEST_CASE("the cache keeps a training going whose pictures are gone") {
  const Pictures p;
  const auto result = run_and_remove(p, with({"run", "c.toml"}, "train.epochs=60"), "p5.png");
  INFO(result.text);
  CHECK(result.code == 0);
}
