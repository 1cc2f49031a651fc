#include <doctest/doctest.h>
#include <sys/resource.h>

#include "mtl/plugin_note.h"
#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"
#include "tests/framework/data/pictures.h"
#include "tests/plugins/host/plugin_copy.h"

using namespace mtl;
using test::encoded;
using test::Engine;
using test::gradient;
using test::task_a;
using test::task_d;
using test::tiny_config;
namespace fs = std::filesystem;

namespace {

const std::string two_classes =
    "[[tasks]]\nname = \"A\"\nplugin = \"defect_class\"\nclasses = [\"free\", \"crack\"]\nnormal = [\"free\"]\n";

/// Twelve pictures with a manifest that trains; a test then breaks one thing.
struct Pictures {
  Engine engine;
  std::string header = "image,defect,split\n";
  std::vector<std::string> rows;

  Pictures() {
    for (int i = 0; i < 12; ++i) {
      const std::string name = "p" + std::to_string(i) + (i % 2 ? ".jpg" : ".png");
      engine.folder().write(name, encoded(i % 2 ? ".jpg" : ".png", gradient(40, 32)));
      rows.push_back(name + "," + (i % 3 ? "free" : "crack") + "," + (i < 6 ? "train" : i < 9 ? "val" : "test"));
    }
  }

  Engine::Result run(const std::string& tasks = two_classes, const std::string& more = "") {
    std::string manifest = header;
    for (const std::string& row : rows) manifest += row + "\n";
    engine.folder().write("m.csv", manifest);
    engine.folder().write("c.toml", tiny_config(tasks, "[data]\nsource = \"manifest\"\nmanifest = \"m.csv\"\n" + more));
    return engine.run({"run", "c.toml"});
  }

  /// One sentence (or one per picture), the exit code, and no run folder.
  void refuses(const std::string& sentence, int code = 1, const std::string& tasks = two_classes) {
    const auto result = run(tasks);
    INFO(result.text);
    CHECK(result.code == code);
    CHECK(result.text.find(sentence) != std::string::npos);
    CHECK(result.text.find("terminate") == std::string::npos);
    CHECK_FALSE(fs::exists(engine.folder().path() / "runs"));
  }
};

}  // namespace

TEST_CASE("the pictures themselves are fine") {
  Pictures pictures;
  const auto result = pictures.run();
  INFO(result.text);
  CHECK(result.code == 0);
}

TEST_CASE("bad pictures stop a run before it starts, each with its line") {
  Pictures p;
  const fs::path folder = p.engine.folder().path();
  fs::remove(folder / "p0.png");
  p.engine.folder().write("p1.jpg", encoded(".jpg", gradient(40, 32)).substr(0, 300));
  p.engine.folder().write("p2.png", "this is text");
  const auto result = p.run();
  CHECK(result.code == 1);
  CHECK(result.text ==
        "m.csv:2: image '" + (folder / "p0.png").string() + "' is not there; correct its path or restore the file\n" +
            "m.csv:3: image '" + (folder / "p1.jpg").string() +
            "' is cut short: the end of the JPEG file is missing; restore it\n" + "m.csv:4: image '" +
            (folder / "p2.png").string() + "' is no PNG, JPEG, BMP or TIFF picture, whatever its name says\n");
  CHECK_FALSE(fs::exists(folder / "runs"));
}

TEST_CASE("labels, classes and splits that do not fit") {
  {
    Pictures p;
    p.rows[4] = "p4.png,carck,train";
    p.refuses("m.csv:6: task 'A', column 'defect': ");
    p.refuses("(did you mean 'crack'?)");
  }
  {
    Pictures p;
    for (std::string& row : p.rows) row.replace(row.find(','), row.rfind(',') - row.find(','), ",free");
    p.refuses("m.csv: task 'A': every training image has the class 'free'; a classifier needs two classes or more");
  }
  {
    Pictures p;
    p.refuses("m.csv: task 'A': no training image has the class 'dent'; add some, or take it out of the task's classes",
              1,
              "[[tasks]]\nname = \"A\"\nplugin = \"defect_class\"\nclasses = [\"free\", \"crack\", \"dent\"]\nnormal = "
              "[\"free\"]\n");
  }
  {
    Pictures p;
    for (std::string& row : p.rows) row = row.substr(0, row.rfind(',')) + ",train";
    p.refuses("m.csv: the validation split is empty");
  }
  {
    Pictures p;
    p.header = "image,defect,image\n";
    p.refuses("m.csv:1: two columns are called 'image'");
  }
  {
    Pictures p;
    p.header =
        "image,d\xe9"
        "fect,split\n";
    p.refuses("m.csv:1: the text is not UTF-8 here; save the file as UTF-8");
  }
}

TEST_CASE("a label that an augmentation makes false is a wrong configuration, at the task's place") {
  const Engine engine;
  engine.folder().write("c.toml", tiny_config(task_a + task_d));
  for (const char* command : {"run", "check"}) {
    std::vector<std::string> arguments{command, "c.toml", "--set", "augment.horizontal_flip=0.5"};
    if (arguments[0] == "check") arguments.insert(arguments.begin(), "config");
    const auto result = engine.run(arguments);
    INFO(result.text);
    CHECK(result.code == 2);
    CHECK(result.text.find("c.toml:26:1: the label of task 'D' does not survive the augmentation horizontal_flip") ==
          0);
  }
}

TEST_CASE("run folders: one that is there is never touched, one that cannot be made is told") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a));
  engine.folder().write("runs/tiny/metrics.jsonl", "precious");
  const auto there = engine.run({"run", "tiny.toml"});
  CHECK(there.code == 1);
  CHECK(there.text.find("holds a run already; go on with it where it was stopped (--resume), give this one another "
                        "name (--set run.name=NAME), or remove the folder") != std::string::npos);
  CHECK(test::read_file(engine.folder().path() / "runs/tiny/metrics.jsonl") == "precious");
  engine.folder().write("file", "");
  const auto unwritable = engine.run({"run", "tiny.toml", "--set", "run.folder=file"});
  CHECK(unwritable.code == 1);
  CHECK(unwritable.text.find("choose another folder (run.folder)") != std::string::npos);
  CHECK(engine.run({"run", "tiny.toml", "--set", "run.folder=/proc/runs"}).code == 1);
}

TEST_CASE("wrong usage and configuration exit with 2 and all their sentences") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a));
  CHECK(engine.run({}).code == 2);
  CHECK(engine.run({"fly"}).code == 2);
  CHECK(engine.run({"run"}).code == 2);
  CHECK(engine.run({"run", "no.toml"}).code == 2);
  CHECK(engine.run({"data", "synth", "x", "--parts", "3"}).code == 2);
  CHECK(engine.run({"plugins", "show", "no_such_plugin"}).code == 2);
  const auto result = engine.run(
      {"run", "tiny.toml", "--set", "train.epoch=3", "--set", "tasks.A.hiden=3", "--set", "weighting.plugin=statik"});
  CHECK(result.code == 2);
  CHECK(result.text.find("--set train.epoch=3: unknown key 'epoch' in [train] (did you mean 'epochs'?)") !=
        std::string::npos);
  const auto plugins =
      engine.run({"run", "tiny.toml", "--set", "tasks.A.hiden=3", "--set", "weighting.plugin=statik_weights"});
  CHECK(plugins.code == 2);
  CHECK(plugins.text.find("head 'defect_class' has no option 'hiden' (did you mean 'hidden'?)") != std::string::npos);
  CHECK(plugins.text.find("there is no weighting 'statik_weights' (did you mean 'static_weights'?)") !=
        std::string::npos);
  const auto combination = engine.run({"run", "tiny.toml", "--set", "tasks.A.normal=[\"fine\"]"});
  CHECK(combination.code == 2);
  CHECK(combination.text.find("'fine'") != std::string::npos);
  CHECK_FALSE(fs::exists(engine.folder().path() / "runs"));
}

TEST_CASE("a plugin of another ABI is named with both sides; nothing is loaded or written") {
  const Engine engine;
  test::PluginCopy copy;
  engine.folder().write(
      "plugins/other.so",
      copy.number(offsetof(PluginNote, torch_minor), 99).text(offsetof(PluginNote, offers), "backbone:other").bytes());
  engine.folder().write("tiny.toml", tiny_config(task_a));
  const auto result = engine.run({"run", "tiny.toml", "--plugin-dir", "plugins", "--set", "backbone.plugin=other"});
  INFO(result.text);
  CHECK(result.code == 2);
  CHECK(result.text.find("plugins/other.so was built with LibTorch ") != std::string::npos);
  CHECK_FALSE(fs::exists(engine.folder().path() / "runs"));
  const auto list = engine.run({"plugins", "list", "--plugin-dir", "plugins"});
  CHECK(list.code == 0);
  CHECK(list.text.find("unusable: it was built with LibTorch ") != std::string::npos);
  CHECK(list.text.find("backbone efficientnet_b7") != std::string::npos);
}

TEST_CASE("weights of another network or no weights at all") {
  const Engine engine;
  engine.folder().write("tiny.toml", tiny_config(task_a));
  engine.folder().write("w.pth", "PK\x03\x04 something else");
  const auto result = engine.run({"run", "tiny.toml", "--set", "backbone.weights=w.pth"});
  INFO(result.text);
  CHECK(result.code == 1);
  CHECK(result.text.find("w.pth ends before its zip directory; the file is truncated, get it again") !=
        std::string::npos);
  const auto none = engine.run({"run", "tiny.toml", "--set", "backbone.weights=none.safetensors"});
  CHECK(none.code == 2);
  CHECK(
      none.text.find("none.safetensors' is no file; make it first, or take the key out to start from random weights") !=
      std::string::npos);
  CHECK(engine.run({"run", "tiny.toml", "--set", "data.source=manifest", "--set", "data.manifest=no.csv"}).code == 2);
}
