#include <doctest/doctest.h>
#include <torch/torch.h>

#include <map>
#include <nlohmann/json.hpp>
#include <sstream>

#include "framework/model/safetensors.h"
#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"

using namespace mtl;
using test::Engine;
namespace fs = std::filesystem;

namespace {

std::map<std::string, at::Tensor> tensors_of(const fs::path& file) {
  std::map<std::string, at::Tensor> tensors;
  for (const NamedTensor& named : read_safetensors(file).tensors) tensors[named.name] = named.tensor;
  return tensors;
}

/// A run without augmentation and drop-out, so that features are the same in every epoch.
std::string still_config(const std::string& more) {
  std::string text = test::tiny_config(test::task_a + test::task_b, more);
  const auto replace = [&](const std::string& from, const std::string& to) {
    text.replace(text.find(from), from.size(), to);
  };
  replace("vertical_flip = 0.5\ncrop_min_area = 0.8\nnoise = 0.02\n", "");
  replace("dropout = 0.1\n", "dropout = 0.0\n");
  return text;
}

/// The weights after the last epoch of a run with these settings.
std::map<std::string, at::Tensor> trained(const Engine& engine, const std::string& name,
                                          const std::vector<std::string>& settings) {
  std::vector<std::string> arguments{"run", "still.toml", "--set", "run.name=" + name};
  for (const std::string& setting : settings) arguments.insert(arguments.end(), {"--set", setting});
  const auto result = engine.run(arguments);
  INFO(result.text);
  REQUIRE(result.code == 0);
  return tensors_of(engine.folder().path() / "runs" / name / "checkpoints/last.safetensors");
}

}  // namespace

TEST_CASE("a probe from kept features gives the heads, bit by bit, that training them on a frozen backbone gives") {
  const Engine engine;
  engine.folder().write("still.toml", still_config("ema_decay = 0.9\n"));
  const std::vector<std::string> constant{"train.schedule.kind=constant", "train.schedule.warmup_epochs=0"};
  auto settings = [&](std::vector<std::string> own) {
    own.insert(own.end(), constant.begin(), constant.end());
    return own;
  };
  const auto kept = trained(engine, "kept", settings({"train.fine_tuning.probe_epochs=2"}));
  const auto computed = trained(engine, "computed", settings({"train.fine_tuning.freeze_stages=-1"}));
  const auto free = trained(engine, "free", settings({}));
  for (const auto& [name, tensor] : computed) CHECK_MESSAGE(tensor.equal(kept.at(name)), name);
  CHECK_FALSE(free.at("first.weight").equal(kept.at("first.weight")));
}

TEST_CASE("frozen stages end as they began; a probe is followed by epochs in which all learns") {
  const Engine engine;
  engine.folder().write("still.toml", still_config(""));
  const auto first = trained(engine, "frozen", {"train.fine_tuning.freeze_stages=1", "train.epochs=1"});
  const auto second = trained(engine, "frozen_longer", {"train.fine_tuning.freeze_stages=1"});
  CHECK(first.at("first.weight").equal(second.at("first.weight")));
  CHECK_FALSE(first.at("second.weight").equal(second.at("second.weight")));
  const auto probed = trained(engine, "probed", {"train.fine_tuning.probe_epochs=1"});
  CHECK_FALSE(probed.at("first.weight").equal(first.at("first.weight")));
  const auto thawed =
      trained(engine, "thawed", {"train.fine_tuning.freeze_stages=1", "train.fine_tuning.thaw_epoch=2"});
  CHECK_FALSE(thawed.at("first.weight").equal(first.at("first.weight")));
}

TEST_CASE("kept features of several augmented views, within their limit of memory") {
  const Engine engine;
  engine.folder().write("views.toml", test::tiny_config(test::task_a + test::task_b));
  const auto views = engine.run(
      {"run", "views.toml", "--set", "train.fine_tuning.probe_epochs=2", "--set", "train.fine_tuning.probe_views=2"});
  CAPTURE(views.text);
  CHECK(views.code == 0);
  engine.folder().write(
      "large.toml",
      test::tiny_config(test::task_a + "[[tasks]]\nname = \"M\"\nplugin = \"defect_map\"\nmask = [\"crop\"]\n"));
  const auto large = engine.run({"run", "large.toml", "--set", "train.fine_tuning.probe_epochs=1", "--set",
                                 "train.fine_tuning.probe_views=60", "--set", "train.fine_tuning.probe_cache_mb=1"});
  CAPTURE(large.text);
  CHECK(large.code == 1);
  CHECK(large.text.find("the features to keep take more than train.fine_tuning.probe_cache_mb = 1 MiB; raise it, lower "
                        "probe_views or input.size, or leave out the tasks that read the feature map") !=
        std::string::npos);
}

TEST_CASE("settings that do not fit together are told before anything starts") {
  const Engine engine;
  engine.folder().write("tiny.toml", test::tiny_config(test::task_a));
  const auto longer = engine.run({"run", "tiny.toml", "--set", "train.fine_tuning.probe_epochs=3"});
  CHECK(longer.code == 2);
  CHECK(longer.text.find("the probe is longer than train.epochs = 2") != std::string::npos);
  const auto stages = engine.run({"config", "check", "tiny.toml", "--set", "train.fine_tuning.freeze_stages=9"});
  CHECK(stages.code == 2);
  CHECK(stages.text.find("train.fine_tuning.freeze_stages = 9 is more than the backbone has: it has 2, 'first.', "
                         "'second.'; -1 freezes all") != std::string::npos);
  const auto thaw = engine.run({"run", "tiny.toml", "--set", "train.fine_tuning.thaw_epoch=1"});
  CHECK(thaw.code == 2);
  CHECK(thaw.text.find("there is nothing to thaw") != std::string::npos);
}
