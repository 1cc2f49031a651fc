#include "framework/config/run_config_loader.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "framework/config/resolved_config.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
namespace fs = std::filesystem;

namespace {

const std::string minimal = R"([backbone]
plugin = "net"
[weighting]
plugin = "fixed"
[[tasks]]
name = "A"
plugin = "classes"
)";

/// Files of one test, loaded from there.
struct Files {
  test::TemporaryFolder folder;

  LoadedConfig load(const std::string& text, const std::vector<std::string>& overrides = {}) const {
    return load_run_config(folder.write("c.toml", text), overrides);
  }
  /// The problems without the folder's path, which no test knows.
  std::string error(const std::string& text, const std::vector<std::string>& overrides = {}) const {
    std::string problems = test::error_of([&] { load(text, overrides); });
    const std::string prefix = folder.path().string() + "/";
    for (size_t at = 0; (at = problems.find(prefix)) != std::string::npos;) problems.erase(at, prefix.size());
    return problems;
  }
};

}  // namespace

TEST_CASE("a minimal file gives the defaults, its own name and a main task") {
  const Files files;
  const RunConfig config = files.load(minimal).config;
  CHECK(config.run.name == "c");
  CHECK(config.run.folder == fs::current_path() / "runs");
  CHECK(config.train.optimizer.kind == RunConfig{}.train.optimizer.kind);
  REQUIRE(config.tasks.size() == 1);
  CHECK(config.tasks[0].main);
  CHECK(config.tasks[0].weight == 1.0);
  CHECK(config.backbone.plugin.name == "net");
  CHECK(config.backbone.plugin.where == (files.folder.path() / "c.toml").string() + ":2:10");
}

TEST_CASE("keys that a section does not know go to its plugin, with their positions") {
  const Files files;
  const RunConfig config = files.load(minimal + "hidden = 64\nnormal = [\"free\"]\n").config;
  const auto& options = config.tasks[0].plugin.options;
  REQUIRE(options.size() == 2);
  CHECK(options[0].name == "hidden");
  CHECK(options[0].value == OptionValue(int64_t{64}));
  CHECK(options[1].value == OptionValue(std::vector<std::string>{"free"}));
  CHECK(options[0].where == (files.folder.path() / "c.toml").string() + ":8:10");
}

TEST_CASE("extends merges tables and replaces the rest, relative to the file that says it") {
  const Files files;
  files.folder.write("parts/base.toml", minimal + "[[tasks]]\nname = \"B\"\nplugin = \"b\"\nmain = true\n");
  files.folder.write(
      "middle.toml",
      "extends = \"parts/base.toml\"\n[train]\nepochs = 7\nbatch_size = 4\n[data]\nmanifest = \"m.csv\"\n");
  const RunConfig config =
      files.load("extends = \"middle.toml\"\n[train]\nepochs = 9\n[[tasks]]\nname = \"C\"\nplugin = \"c\"\n").config;
  CHECK(config.train.epochs == 9);
  CHECK(config.train.batch_size == 4);
  CHECK(config.data.manifest == files.folder.path() / "m.csv");
  REQUIRE(config.tasks.size() == 1);
  CHECK(config.tasks[0].name == "C");
  CHECK(config.backbone.plugin.name == "net");
}

TEST_CASE("files that extend each other in a circle, or a file that is not there") {
  const Files files;
  files.folder.write("b.toml", "extends = \"c.toml\"\n");
  CHECK(files.error("extends = \"b.toml\"\n") ==
        "b.toml:1:11: the files extend each other in a circle: c.toml -> b.toml -> c.toml");
  CHECK(files.error("extends = \"no.toml\"\n") ==
        "c.toml:1:11: the file to extend, 'no.toml', is not there; give the path of a TOML file");
  CHECK(files.error("extends = 3\n") == "c.toml:1:11: 'extends' is an integer; the path of a TOML file is expected");
  CHECK(test::error_of([] { load_run_config("/no/such.toml", {}); }) ==
        "/no/such.toml: the configuration is not there; give the path of a TOML file");
  CHECK(test::error_of([&] { load_run_config(files.folder.path(), {}); }).find("is no file") != std::string::npos);
}

TEST_CASE("an override comes last, reaches into tasks, and its paths start in the working folder") {
  const Files files;
  const RunConfig config =
      files
          .load(minimal, {"train.epochs=3", "tasks.A.weight=0.5", "tasks.0.hidden=8", "data.manifest=x/m.csv",
                          "train.optimizer.kind=sgd", "run.name=\"other\""})
          .config;
  CHECK(config.train.epochs == 3);
  CHECK(config.tasks[0].weight == 0.5);
  CHECK(config.tasks[0].plugin.options.at(0).name == "hidden");
  CHECK(config.data.manifest == fs::current_path() / "x/m.csv");
  CHECK(config.train.optimizer.kind == "sgd");
  CHECK(config.run.name == "other");
}

TEST_CASE("overrides that are none") {
  const Files files;
  CHECK(files.error(minimal, {"train.epochs"}) == "--set train.epochs: an override has the form train.epochs=3");
  CHECK(files.error(minimal, {"=3"}) == "--set =3: an override has the form train.epochs=3");
  CHECK(files.error(minimal, {"tasks.Z.weight=1"}) ==
        "--set tasks.Z.weight=1: there is no task 'Z'; name a task of the file, or its index from 0");
  CHECK(files.error(minimal, {"train.epoch=3"})
            .find("--set train.epoch=3: unknown key 'epoch' in [train] (did you mean 'epochs'?)") == 0);
  CHECK(files.error(minimal, {"train.epochs=x"}) ==
        "--set train.epochs=x: train.epochs is a string; an integer is expected");
  CHECK(files.error(minimal, {"backbone.plugin.deep=1"}).find("'plugin' is a string, no table") != std::string::npos);
}

TEST_CASE("each kind of mistake has its sentence") {
  const Files files;
  const auto error = [&](const std::string& more) { return files.error(minimal + more); };
  CHECK(error("[train]\nepochs = \"many\"\n") == "c.toml:9:10: train.epochs is a string; an integer is expected");
  CHECK(error("[train]\nepochs = 0\n") == "c.toml:9:10: train.epochs = 0 is out of range; 1 .. 1000000 is expected");
  CHECK(error("[train]\nema_decay = nan\n").find("c.toml:9:13: train.ema_decay = nan is out of range; 0 .. ") == 0);
  CHECK(error("[train.optimizer]\nlearning_rate = 0.0\n") ==
        "c.toml:9:17: train.optimizer.learning_rate = 0.0 is out of range; > 0 is expected");
  CHECK(error("[train.optimizer]\nkind = \"adm\"\n") ==
        "c.toml:9:8: train.optimizer.kind = 'adm' is not possible (did you mean 'adam'?); one of 'sgd', 'adam', "
        "'adamw', 'rmsprop' is "
        "expected");
  CHECK(error("[trian]\nepochs = 1\n")
            .find("c.toml:8:1: unknown table or key 'trian' (did you mean 'train'?); known are ") == 0);
  CHECK(error("[augment]\nhorizontal_flop = 1\n")
            .find("unknown key 'horizontal_flop' in [augment] (did you mean 'horizontal_flip'?)") != std::string::npos);
  CHECK(error("mask = [\"flip\"]\n").find("c.toml:8:8: tasks.0.mask: ") == 0);
  CHECK(error("when = 2026-11-23\n").find("c.toml:8:8: tasks.0.when is a date") == 0);
  CHECK(error("deep = [[1], [2]]\n").find("an option is a boolean, a number, a string or a list of strings") !=
        std::string::npos);
  CHECK(error("[run]\nseed = -1\n") == "c.toml:9:8: run.seed = -1 is out of range; >= 0 is expected");
  CHECK(error("[run]\nname = \"../x\"\n") ==
        "c.toml:9:8: run.name = '../x' is no plain folder name; use letters, digits, '.', '_' and '-'");
  CHECK(error("[engine]\ndevice = \"gpu\"\n") ==
        "c.toml:9:10: engine.device = 'gpu' is none of auto, cpu, cuda, cuda:N");
  CHECK(error("[data]\nsource = \"manifest\"\n") ==
        "c.toml:9:10: data.source = \"manifest\" needs data.manifest, the path of a CSV file");
  CHECK(error("weight = 0\n") ==
        "c.toml:8:10: tasks.0.weight = 0 is out of range; > 0 is expected: remove the task to leave it out");
  CHECK(error("weight = nan\n").find("tasks.0.weight = nan is out of range") != std::string::npos);
  CHECK(error("weight = -1.5\n").find("tasks.0.weight = -1.5 is out of range") != std::string::npos);
  CHECK(files.error("train = 3\n" + minimal).find("c.toml:1:9: train is an integer; a table [train] is expected") == 0);
  CHECK(files.error("tasks = 3\n").find("c.toml:1:9: tasks is an integer; [[tasks]] tables are expected") !=
        std::string::npos);
}

TEST_CASE("broken TOML names the place") {
  const Files files;
  CHECK(files.error("[train\nepochs = 1\n").find("c.toml:1:7: this is no valid TOML: ") == 0);
  CHECK(files.error("a = 1\na = 2\n").find("c.toml:2:") == 0);
  CHECK(files.error("x = \"\xff\xfe\"\n").find("c.toml:1:") == 0);
  CHECK(files.error(std::string(2 << 20, '#')).find("is larger than 1 MiB") != std::string::npos);
}

TEST_CASE("all errors of a file are told at once") {
  const Files files;
  const std::string errors = files.error("[train]\nepochs = 0\nepoch = 1\n[weighting]\nnormalize = \"x\"\n");
  CHECK(errors.find("c.toml:2:10: train.epochs = 0") != std::string::npos);
  CHECK(errors.find("c.toml:3:9: unknown key 'epoch'") != std::string::npos);
  CHECK(errors.find("weighting.normalize = 'x'") != std::string::npos);
  CHECK(errors.find("[weighting] lacks the key 'plugin'") != std::string::npos);
  CHECK(errors.find("[backbone] lacks the key 'plugin'") != std::string::npos);
  CHECK(errors.find("there is no task") != std::string::npos);
}

TEST_CASE("tasks: names are words and differ, one is the main task") {
  const Files files;
  const std::string second = "[[tasks]]\nname = \"A\"\nplugin = \"b\"\n";
  CHECK(files.error(minimal + second).find("there are two tasks called 'A'; give each a name of its own") !=
        std::string::npos);
  CHECK(files.error(minimal + second).find("there are 0 main tasks; exactly one task has main = true") !=
        std::string::npos);
  CHECK(files.error(minimal + "main = true\n[[tasks]]\nname = \"B-1\"\nplugin = \"b\"\nmain = true\n")
            .find("there are 2 main tasks") != std::string::npos);
  CHECK(files.error(minimal, {"tasks.0.name=a/b"}).find("the task name 'a/b' is no letter followed by") !=
        std::string::npos);
}

TEST_CASE("environment variables and ~ in paths") {
  const Files files;
  setenv("MTL_TEST_PLACE", "/data/tiles", 1);
  CHECK(files.load(minimal + "[data]\nmanifest = \"${MTL_TEST_PLACE}/m.csv\"\n").config.data.manifest ==
        "/data/tiles/m.csv");
  CHECK(files.error(minimal + "[data]\nmanifest = \"${MTL_TEST_NONE}\"\n") ==
        "c.toml:9:12: data.manifest = '${MTL_TEST_NONE}' names the environment variable MTL_TEST_NONE, which is not "
        "set; set it with "
        "export MTL_TEST_NONE=...");
  CHECK(files.load(minimal + "[data]\nmanifest = \"~/m.csv\"\n").config.data.manifest ==
        fs::path(std::getenv("HOME")) / "m.csv");
}

TEST_CASE("the resolved configuration gives the same run again, and tells each value's origin") {
  const Files files;
  files.folder.write("base.toml",
                     minimal + "hidden = 64\nmask = [\"horizontal_flip\"]\n[data]\nmanifest = \"m.csv\"\n");
  const LoadedConfig first =
      files.load("extends = \"base.toml\"\n[train]\nepochs = 9\nema_decay = 0.1\n", {"run.seed=5"});
  const std::string text = resolved_toml(first);
  CHECK(text.find("epochs = 9") != std::string::npos);
  CHECK(text.find("# " + (files.folder.path() / "c.toml").string() + ":3:10") != std::string::npos);
  CHECK(text.find("# --set run.seed=5") != std::string::npos);
  CHECK(text.find("# default") != std::string::npos);

  const auto without_comments = [](std::string toml) {
    std::string out;
    for (size_t at = 0; at < toml.size();) {
      const size_t end = toml.find('\n', at);
      const std::string line = toml.substr(at, end - at);
      out += line.substr(0, line.find("  # ")) + "\n";
      at = end + 1;
    }
    return out;
  };
  const LoadedConfig again = load_run_config(files.folder.write("again.toml", text), {});
  CHECK(without_comments(resolved_toml(again)) == without_comments(text));
}
