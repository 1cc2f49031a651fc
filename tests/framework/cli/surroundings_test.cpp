// Machines are set up in many ways: folders with odd names, decimal commas, no home to write to.
#include <doctest/doctest.h>

#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"

using namespace mtl;
using nlohmann::json;
using test::Engine;
using test::read_file;
namespace fs = std::filesystem;

namespace {

/// An environment variable with another value while it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) {
    if (const char* before = std::getenv(name)) before_ = before;
    ::setenv(name, value.c_str(), 1);
  }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;
  ~Variable() {
    if (before_.empty())
      ::unsetenv(name_);
    else
      ::setenv(name_, before_.c_str(), 1);
  }

 private:
  const char* name_;
  std::string before_;
};

/// Trains on pictures of its own below `folder`, and answers some; the figures of the test.
json train_and_predict(const Engine& engine, const std::string& folder) {
  engine.folder().write(folder + "/c.toml",
                        test::tiny_config(test::task_a + test::task_d,
                                          "[data]\nsource = \"manifest\"\nmanifest = \"set/manifest.csv\"\n"
                                          "group_column = \"part\"\n"));
  const auto synth = engine.run({"data", "synth", folder + "/set", "--parts", "60", "--image-size", "32"});
  INFO(synth.text);
  REQUIRE(synth.code == 0);
  const auto trained = engine.run({"run", folder + "/c.toml", "--set", "run.folder=" + json(folder + "/runs").dump()});
  INFO(trained.text);
  REQUIRE(trained.code == 0);
  const auto answered = engine.run(
      {"predict", folder + "/runs/c", folder + "/set/part00001_dome.png", "--out", folder + "/answers.jsonl"});
  INFO(answered.text);
  REQUIRE(answered.code == 0);
  const fs::path here = engine.folder().path() / folder;
  CHECK(json::parse(read_file(here / "answers.jsonl")).contains("image"));
  CHECK(read_file(here / "runs/c/report.html").find("<html") != std::string::npos);
  return json::parse(read_file(here / "runs/c/result.json"))["test"];
}

}  // namespace

TEST_CASE("folders with blanks, quotes and Japanese characters") {
  const Engine engine;
  const json plain = train_and_predict(engine, "plain");
  CHECK(train_and_predict(engine, "a folder, 'quoted' \"twice\" & 日本語") == plain);
}

TEST_CASE("a decimal comma and a Turkish i change no number") {
  const Engine engine;
  const json plain = train_and_predict(engine, "plain");
  for (const char* name : {"de_DE", "tr_TR"}) {
    CAPTURE(name);
    const std::string made = (engine.folder().path() / name).string() + ".UTF-8";
    const std::string command = std::string("localedef -i ") + name + " -f UTF-8 '" + made + "' >/dev/null 2>&1";
    if (std::system(command.c_str()) != 0 && !fs::exists(made)) {
      MESSAGE("skipped: localedef cannot make ", name);
      continue;
    }
    const Variable path("LOCPATH", engine.folder().path().string()), all("LC_ALL", std::string(name) + ".UTF-8");
    CHECK(train_and_predict(engine, std::string("in_") + name) == plain);
  }
}

TEST_CASE("a home that takes no file is not needed") {
  const Engine engine;
  const Variable home("HOME", "/proc"), cache("XDG_CACHE_HOME", "/proc/cache");
  train_and_predict(engine, "here");
}
