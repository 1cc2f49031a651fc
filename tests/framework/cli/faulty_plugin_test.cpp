#include <doctest/doctest.h>

#include "framework/model/safetensors.h"
#include "tests/framework/cli/engine.h"
#include "tests/framework/cli/tiny_config.h"

using namespace mtl;
using test::Engine;

namespace {

const std::string library = MTL_BUILD_DIR "/test-plugins/broken_heads.so";

/// A run with one sound task and one whose head has a fault.
Engine::Result run_with(const Engine& engine, const std::string& head) {
  engine.folder().write("e.toml", test::tiny_config(test::task_a) + "[[tasks]]\nname = \"E\"\nplugin = \"" + head +
                                      "\"\ncolumn = \"region\"\nclasses = [\"body\", \"end\"]\n");
  return engine.run({"run", "e.toml", "--plugin-dir", MTL_BUILD_DIR "/test-plugins"});
}

bool says(const Engine::Result& result, const std::string& sentence) {
  return result.text.find(sentence) != std::string::npos;
}

}  // namespace

TEST_CASE("a fault of a plugin ends the run with a sentence that names task and file") {
  const std::string who = "task 'E' (" + library + ")";
  const std::pair<const char*, std::string> faults[] = {
      {"mean_loss", who + ": its loss() gives shape [] and type Float; expected one float per sample, [16]\n"},
      {"nan_loss", "the last 6 steps had to be left out: the loss of " + who + " is nan in epoch 1, batch 6, with "},
      {"no_gradient", who + ": its loss() does not depend on the outputs, so that nothing would be learnt from it\n"},
      {"wrong_rows", who + ": its forward() gives shape [1, 2] and type Float; expected floating-point numbers, a row "
                           "for each of 16 images\n"},
      {"threads", who + ": its forward(): LibTorch has another number of threads afterwards\n"},
      {"grad_mode", who + ": its prepare(): LibTorch's gradient mode is another one afterwards; use a guard\n"},
  };
  for (const auto& [head, sentence] : faults) {
    const Engine engine;
    const auto result = run_with(engine, head);
    INFO(head << ": " << result.text);
    CHECK(result.code == 1);
    CHECK(says(result, sentence));
    CHECK_FALSE(std::filesystem::exists(engine.folder().path() / "runs/e/checkpoints/last.safetensors"));
  }
}

TEST_CASE("what was trained before a plugin failed is kept") {
  const Engine engine;
  const auto result = run_with(engine, "late");
  INFO(result.text);
  CHECK(result.code == 1);
  CHECK(says(result, "task 'E' (" + library + "): its forward() failed: five batches are enough\n"));
  CHECK(says(result, "stopped in epoch 1; the weights so far are in "));
  const auto kept = read_safetensors(engine.folder().path() / "runs/e/checkpoints/last.safetensors");
  CHECK(kept.metadata.at("whole_epoch") == "false");
  CHECK(kept.tensors.size() > 4);
}

TEST_CASE("a plugin that prints does not tear the engine's own output, and the run goes on") {
  const Engine engine;
  const auto result = run_with(engine, "talkative");
  INFO(result.text);
  CHECK(result.code == 0);
  CHECK(says(result, "task 'E' (" + library +
                         "): its forward() prints to standard output, which is the engine's; it goes here instead:\n"
                         "here I am\n"));
}
