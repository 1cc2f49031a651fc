#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/framework/cli/trained_run.h"
#include "tests/support/contains.h"
#include "tests/support/python.h"

using namespace mtl;
using nlohmann::json;
using test::contains;
using test::Engine;
using test::read_file;
namespace fs = std::filesystem;

namespace {

/// What `predict` says, without its last line on standard error.
std::string answers_of(const Engine& engine, const std::string& model) {
  const auto result = engine.run({"predict", model, "d", "--format", "csv", "--plugin-dir", MTL_EXAMPLE_DIR});
  INFO(result.text);
  REQUIRE(result.code == 0);
  return result.text;
}

void require_refused(const Engine& engine, const std::string& bundle) {
  const auto result = engine.run({"predict", bundle, "d", "--plugin-dir", MTL_EXAMPLE_DIR});
  INFO(result.text);
  CHECK(result.code == 1);
  CHECK(contains(result.text, "bundle " + bundle + ": "));
  CHECK(std::count(result.text.begin(), result.text.end(), '\n') == 1);
}

}  // namespace

TEST_CASE("a bundle answers as its run does, from itself alone, for every command") {
  const Engine engine;
  const fs::path run = test::train_on_files(engine);
  REQUIRE(engine.run({"calibrate", "runs/t", "--max-escape", "0.2", "--observed"}).code == 0);
  const std::string expected = answers_of(engine, "runs/t");
  const auto made = engine.run({"bundle", "runs/t", "t.mtlb", "--pictures", "4"});
  INFO(made.text);
  REQUIRE(made.code == 0);
  CHECK(
      contains(made.text, "opened again: its digests and the answers to its golden pictures are as they were written"));
  REQUIRE(engine.run({"bundle", "runs/t", "folder"}).code == 0);
  const fs::path folder = engine.folder().path();
  fs::remove_all(run);
  CHECK(answers_of(engine, "t.mtlb") == expected);
  CHECK(answers_of(engine, "folder") == expected);
  CHECK(contains(expected, "decided_class"));

  const auto with_plugins = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), {"--plugin-dir", MTL_EXAMPLE_DIR});
    const auto result = engine.run(arguments);
    INFO(result.text);
    CHECK(result.code == 0);
    return result.text;
  };
  with_plugins({"eval", "t.mtlb", "--data", "d/manifest.csv"});
  CHECK(fs::exists(folder / "t_eval_manifest_all/report.html"));
  with_plugins({"explain", "folder", test::a_picture_in(folder / "d").string()});
  CHECK(fs::exists(folder / "folder_explain_A/report.html"));
  CHECK(contains(with_plugins({"bench", "t.mtlb", "--batch", "1", "--seconds", "0", "--json"}), "\"median"));
  CHECK(answers_of(engine, "folder") == expected);  // nothing was written into it

  const json facts = json::parse(read_file(folder / "folder/bundle.json"));
  CHECK(facts["name"] == "t");
  CHECK(facts["tasks"].size() == 2);
  CHECK(facts["plugins"].size() >= 2);
  const auto sums = test::run_python(folder, "tests/framework/cli/zip_is_sound.py", "t.mtlb");
  if (sums.can_run) {
    INFO(sums.log);
    CHECK(sums.code == 0);
  }
}

TEST_CASE("one altered byte anywhere, and the bundle is refused with a sentence") {
  const Engine engine;
  test::train_on_files(engine);
  REQUIRE(engine.run({"bundle", "runs/t", "t.mtlb", "--pictures", "1"}).code == 0);
  REQUIRE(engine.run({"bundle", "runs/t", "folder", "--pictures", "1"}).code == 0);
  const fs::path folder = engine.folder().path();
  const std::string whole = read_file(folder / "t.mtlb");
  // Unit tests alter every byte of a small one; here the engine itself sees the first, the last and some between.
  for (const size_t at :
       {size_t{0}, size_t{40}, whole.size() / 3, whole.size() / 2, whole.size() - 100, whole.size() - 1}) {
    std::string altered = whole;
    altered[at] = static_cast<char>(altered[at] ^ 1);
    engine.folder().write("x.mtlb", altered);
    require_refused(engine, "x.mtlb");
  }
  for (const size_t size : {size_t{0}, size_t{10}, whole.size() / 2, whole.size() - 1}) {
    engine.folder().write("x.mtlb", whole.substr(0, size));
    require_refused(engine, "x.mtlb");
  }
  engine.folder().write("x.mtlb", whole + " ");
  require_refused(engine, "x.mtlb");
  engine.folder().write("x.mtlb", "this is no bundle");
  require_refused(engine, "x.mtlb");

  for (const auto& entry : fs::recursive_directory_iterator(folder / "folder")) {
    if (!entry.is_regular_file()) continue;
    const std::string bytes = read_file(entry.path());
    std::string altered = bytes;
    altered[bytes.size() / 2] = static_cast<char>(altered[bytes.size() / 2] ^ 1);
    std::ofstream(entry.path(), std::ios::binary) << altered;
    require_refused(engine, "folder");
    fs::remove(entry.path());
    require_refused(engine, "folder");
    std::ofstream(entry.path(), std::ios::binary) << bytes;
  }
  engine.folder().write("folder/more.txt", "more");
  require_refused(engine, "folder");
  fs::remove(folder / "folder/more.txt");
  fs::rename(folder / "folder/config.toml", folder / "config.toml");
  fs::create_symlink(folder / "config.toml", folder / "folder/config.toml");
  require_refused(engine, "folder");
}

TEST_CASE("a bundle overwrites nothing, and what cannot be bundled or opened is a sentence") {
  const Engine engine;
  test::train_on_files(engine);
  engine.folder().write("there.mtlb", "mine");
  const auto says = [&](std::vector<std::string> arguments, const std::string& sentence) {
    const auto result = engine.run(std::move(arguments));
    INFO(result.text);
    CHECK(result.code == 1);
    CHECK(contains(result.text, sentence));
  };
  says({"bundle", "runs/t", "there.mtlb"}, "there.mtlb");
  CHECK(read_file(engine.folder().path() / "there.mtlb") == "mine");
  says({"bundle", "runs/no", "n.mtlb"}, "runs/no");
  says({"predict", "no.mtlb", "d"}, "'no.mtlb' is not there; give the folder of a finished run, or a bundle");
  says({"predict", "d", "d"}, "d");
  fs::rename(engine.folder().path() / "d", engine.folder().path() / "away");
  says({"bundle", "runs/t", "n.mtlb"}, "give other pictures with --golden");
  const auto other = engine.run({"bundle", "runs/t", "n.mtlb", "--golden", "away"});
  INFO(other.text);
  CHECK(other.code == 0);
}
