#include <doctest/doctest.h>

#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"

using namespace mtl;
using test::Engine;

TEST_CASE("plugins list shows every library and what it offers") {
  const auto result = Engine().run({"plugins", "list"});
  CHECK(result.code == 0);
  for (const char* offer : {"backbone efficientnet_b0", "backbone efficientnet_b7", "head defect_class",
                            "head defect_normal", "head region", "head illumination", "weighting static_weights"})
    CHECK_MESSAGE(result.text.find(offer) != std::string::npos, offer);
}

TEST_CASE("plugins show describes one; its TOML block is a task as it stands") {
  const Engine engine;
  const auto shown = engine.run({"plugins", "show", "illumination"});
  CHECK(shown.code == 0);
  for (const char* part : {"kind     head", "illumination.so", "label_smoothing", "default 0.0, 0 .. 0.99"})
    CHECK_MESSAGE(shown.text.find(part) != std::string::npos, part);
  std::string tasks;
  for (const char* name : {"defect_class", "defect_normal", "region", "illumination"})
    tasks += engine.run({"plugins", "show", name, "--toml"}).text;
  engine.folder().write("pasted.toml", test::tiny_config(tasks));
  const auto checked = engine.run({"config", "check", "pasted.toml", "--set", "tasks.defect_class.main=true"});
  INFO(checked.text);
  CHECK(checked.code == 0);
}

TEST_CASE("a plugin that crashes or hangs in its own code does not take the engine along") {
  const auto result = Engine().run({"plugins", "show", "null_entry", "--plugin-dir", MTL_BUILD_DIR "/test-plugins"});
  CHECK(result.code == 1);
  CHECK(result.text.find("null_entry.so failed to say what it offers") != std::string::npos);
}

TEST_CASE("plugins check: every promise a line; the project's own plugins keep them") {
  const Engine engine;
  for (const char* file : {MTL_BUILD_DIR "/lib/mtl-engine/plugins/region.so", MTL_EXAMPLE_DIR "/defect_map.so",
                           MTL_EXAMPLE_DIR "/tiny_backbone.so"}) {
    const auto result = engine.run({"plugins", "check", file});
    INFO(result.text);
    CHECK(result.code == 0);
    CHECK(result.text.find("promises are kept") != std::string::npos);
  }
  const auto throwing = engine.run({"plugins", "check", MTL_BUILD_DIR "/test-plugins/throwing.so", "--json"});
  CHECK(throwing.code == 1);
  CHECK(throwing.text.find("\"passed\": false") != std::string::npos);
  const auto text = engine.folder().write("text.so", "no library");
  CHECK(engine.run({"plugins", "check", text.string()}).code == 1);
  CHECK(engine.run({"plugins", "check", "no/such.so"}).code == 2);
}

TEST_CASE("plugins new writes a project under the name, and never over one that is there") {
  const Engine engine;
  for (const char* kind : {"head", "backbone", "weighting"}) {
    const std::string name = std::string("edge_") + kind;
    const auto written = engine.run({"plugins", "new", name, "--kind", kind});
    INFO(written.text);
    CHECK(written.code == 0);
    const auto folder = engine.folder().path() / name;
    const std::string source = test::read_file(folder / (name + ".cpp"));
    CHECK(source.find(".name = \"" + name + "\"") != std::string::npos);
    CHECK(source.find("my_") == std::string::npos);
    CHECK(test::read_file(folder / "CMakeLists.txt").find("mtl_add_plugin(" + name + " SOURCES " + name + ".cpp)") !=
          std::string::npos);
    CHECK(engine.run({"plugins", "new", name, "--kind", kind}).code == 1);
  }
  CHECK(engine.run({"plugins", "new", "../evil", "--kind", "head"}).code == 2);
  CHECK(engine.run({"plugins", "new", "x", "--kind", "sauce"}).code == 2);
}

TEST_CASE("config show gives each value's origin, config reference every key") {
  const Engine engine;
  engine.folder().write("c.toml", test::tiny_config(test::task_a));
  const auto shown = engine.run({"config", "show", "c.toml", "--set", "train.epochs=9"});
  CHECK(shown.code == 0);
  CHECK(shown.text.find("epochs = 9") != std::string::npos);
  CHECK(shown.text.find("# --set train.epochs=9") != std::string::npos);
  CHECK(shown.text.find("# c.toml:") != std::string::npos);
  CHECK(engine.run({"config", "reference"}).text.find("| `warmup_epochs` | number |") != std::string::npos);
  CHECK(engine.run({"--version"}).text.find("mtl-engine ") == 0);
  CHECK(engine.run({"run", "--help"}).text.find("--set") != std::string::npos);
}
