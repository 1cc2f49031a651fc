#include "framework/cli/compose.h"

#include <doctest/doctest.h>

#include "framework/config/run_config_loader.h"
#include "tests/framework/cli/tiny_config.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using test::task_a;
using test::task_b;
using test::task_d;
using test::tiny_config;

namespace {

RunParts parts_of(const std::string& tasks) {
  const test::TemporaryFolder folder;
  const RunConfig config = load_run_config(folder.write("c.toml", tiny_config(tasks)), {}).config;
  return compose(config, host::PluginRegistry({MTL_TEST_PLUGIN_DIR, MTL_EXAMPLE_DIR}), open_images(config));
}

std::map<std::string, at::Tensor> state_of(const RunParts& parts) {
  std::map<std::string, at::Tensor> state;
  for (const NamedTensor& named : parts.model->state()) state[named.name] = named.tensor;
  return state;
}

}  // namespace

TEST_CASE("adding a task changes neither the backbone's and A's initial weights nor the batches") {
  const RunParts alone = parts_of(task_a), with_d = parts_of(task_a + task_b + task_d),
                 d_first = parts_of(task_d + task_a);
  const auto reference = state_of(alone);
  REQUIRE(reference.size() > 4);
  for (const RunParts* other : {&with_d, &d_first}) {
    const auto state = state_of(*other);
    CHECK(state.size() > reference.size());
    for (const auto& [name, tensor] : reference) {
      REQUIRE_MESSAGE(state.count(name), name);
      CHECK_MESSAGE(state.at(name).equal(tensor), name);
    }
    alone.train->start_epoch(1);
    other->train->start_epoch(1);
    while (auto batch = alone.train->next()) {
      const auto same = other->train->next();
      REQUIRE(same.has_value());
      CHECK(same->rows == batch->rows);
      CHECK(same->images.equal(batch->images));
    }
    CHECK_FALSE(other->train->next().has_value());
  }
}

TEST_CASE("the seed changes the initial weights") {
  const test::TemporaryFolder folder;
  const auto file = folder.write("c.toml", tiny_config(task_a));
  const host::PluginRegistry registry({MTL_TEST_PLUGIN_DIR, MTL_EXAMPLE_DIR});
  const RunConfig first = load_run_config(file, {}).config, second = load_run_config(file, {"run.seed=2"}).config;
  const RunParts one = compose(first, registry, open_images(first));
  const RunParts two = compose(second, registry, open_images(second));
  CHECK_FALSE(state_of(one).begin()->second.equal(state_of(two).begin()->second));
}
