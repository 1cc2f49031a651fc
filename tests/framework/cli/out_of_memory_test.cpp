#include <doctest/doctest.h>

#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"
#include "tests/support/contains.h"

using namespace mtl;
using test::contains;
using test::Engine;

TEST_CASE("too little memory for a batch: a sentence with its size and what takes half") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  MESSAGE("skipped: a sanitizer needs memory of its own");
  return;
#endif
  const Engine engine;
  engine.folder().write("tiny.toml", test::tiny_config(test::task_a, "[data]\ncache_mb = 0\n"));
  // Such a batch alone takes 192 MiB.
  const Engine::Result result =
      engine.wait(engine.start({"run", "tiny.toml", "--set", "input.size=1024"}, rlim_t{900} << 20));
  INFO(result.text);
  CHECK(result.code == 1);
  CHECK(contains(result.text,
                 "there is not enough memory on cpu for batches of 16 images of 1024 x 1024 pixels; batches "
                 "of 8 take about half: --set train.batch_size=8 --set train.accumulate=2 makes as large "
                 "steps, and --set train.out_of_memory=halve does the like by itself; or lower input.size "
                 "or data.cache_mb\n"));
}
