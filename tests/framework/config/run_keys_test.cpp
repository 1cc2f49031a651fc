#include <doctest/doctest.h>

#include "framework/config/run_keys.h"

using namespace mtl;

namespace {

RunConfig config_with_tasks(const std::vector<std::string>& names) {
  RunConfig config;
  for (const std::string& name : names) {
    config.tasks.emplace_back();
    config.tasks.back().name = name;
  }
  return config;
}

}  // namespace

TEST_CASE("what a run learns depends on no name, no folder and no machine") {
  RunConfig one = config_with_tasks({"A"}), two = one;
  two.run.name = "other";
  two.run.folder = "/elsewhere";
  two.engine.threads = 7;
  two.engine.device = "cuda";
  two.data.cache_mb = 1;
  two.data.manifest = "/moved/manifest.csv";
  CHECK(run_keys(one) == run_keys(two));
}

TEST_CASE("every other key counts, a plugin's options and the tasks' order among them") {
  const RunConfig base = config_with_tasks({"A", "B"});
  RunConfig epochs = base, option = base, swapped = config_with_tasks({"B", "A"});
  epochs.train.epochs = 21;
  option.backbone.plugin.options.push_back({"dropout", 0.5, "here"});
  CHECK(key_differences(run_keys(base), run_keys(epochs)) == std::vector<std::string>{"train.epochs = 20, now 21"});
  CHECK(key_differences(run_keys(base), run_keys(option)) ==
        std::vector<std::string>{"backbone.dropout = (not there), now 0.5"});
  CHECK(run_keys(base) != run_keys(swapped));
  CHECK(key_differences(run_keys(base), run_keys(base)).empty());
}
