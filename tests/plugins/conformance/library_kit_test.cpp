#include "plugins/conformance/library_kit.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>

#include "plugins/conformance/exported_symbols.h"
#include "plugins/host/library_file.h"
#include "plugins/host/plugin_index.h"

using namespace mtl;
using conformance::check_library;
using conformance::Finding;

namespace {

/// What is broken, by what it is about and the promise.
std::map<std::pair<std::string, std::string>, std::string> broken(const std::vector<Finding>& findings) {
  std::map<std::pair<std::string, std::string>, std::string> result;
  for (const Finding& finding : findings)
    if (!finding.kept()) result[{finding.about, finding.promise}] = finding.broken;
  return result;
}

}  // namespace

TEST_CASE("the project's own plugins keep every promise") {
  for (const host::IndexedFile& file : host::index_plugins({MTL_TEST_PLUGIN_DIR, MTL_EXAMPLE_DIR})) {
    if (file.file.stem() == "efficientnet")
      continue;  // its eight networks have tests of their own, and take a minute here
    const auto findings = check_library(file.file, 60);
    CHECK(findings.size() > 5);
    for (const Finding& finding : findings) {
      INFO(file.file.string() << ": " << finding.about << ": " << finding.promise << ": " << finding.broken);
      CHECK(finding.kept());
    }
  }
}

TEST_CASE("each broken promise is named, with what was found") {
  const auto found = broken(check_library(MTL_FIXTURE_DIR "/broken_heads.so", 60));
  const auto of = [&](const std::string& about, const std::string& promise) {
    const auto at = found.find({about, promise});
    return at == found.end() ? "kept" : at->second;
  };
  CHECK(of("head 'mean_loss'", "the loss is finite, a number per sample") ==
        "loss() gives a tensor of size []; one floating-point number per sample, [5], is expected");
  CHECK(of("head 'nan_loss'", "the loss is finite, a number per sample") == "what loss() gives holds infinity or NaN");
  CHECK(of("head 'detached'", "gradients reach the features and every parameter") ==
        "the loss does not depend on the features: their gradient is zero");
  const std::string shares = "probabilities, where it states them, are those of its classes and its predictions";
  CHECK(of("head 'turned'", shares) == "the most probable class of probabilities() is not the label of predict()");
  CHECK(of("head 'unshared'", shares) ==
        "probabilities() gives rows that are negative somewhere or whose sum is not 1");
  CHECK(of("head 'threads'", "LibTorch's settings are left alone") ==
        "LibTorch has another number of threads afterwards");
  CHECK(of("head 'grad_mode'", "LibTorch's settings are left alone") ==
        "LibTorch's gradient mode is another one afterwards; use a guard");
  CHECK(of("head 'leaves'", "the loss is finite, a number per sample") == "ended the process");
  CHECK(of("head 'talkative'", "the loss is finite, a number per sample") == "kept");
}

TEST_CASE("a head that hangs is stopped, and it is known where") {
  const auto found = broken(check_library(MTL_FIXTURE_DIR "/hanging_head.so", 8));
  REQUIRE(found.size() == 1);
  CHECK(found.begin()->first.second == "predictions and figures are given");
  CHECK(found.begin()->second == "did not end within 8 seconds");
}

TEST_CASE("each promise that a weighting breaks is named") {
  const auto found = broken(check_library(MTL_FIXTURE_DIR "/broken_weightings.so", 60));
  const std::string three =
      "what it gives 3 tasks is finite and not all 0, over steps with and without labels; below 0 only "
      "with a Gramian";
  CHECK(found.at({"weighting 'negative'", three}) == "throws: weights() gives -1.000000");
  CHECK(found.at({"weighting 'forgetful'", "saved and loaded in the middle it goes on bit for bit"}) ==
        "it goes on with other numbers");
  CHECK(found.at({"weighting 'careless'", "a state that is not its own is refused with mtl::Error"}) ==
        "it takes a part that it does not know");
  CHECK(found.at({"weighting 'poisoned'", "it learns nothing from a step whose numbers are not finite"}) ==
        "it has learned from such a step");
  CHECK(found.at({"weighting 'short'", three}) == "throws: combine() gives [1] for gradients of [3]");
}

TEST_CASE("a library that exports more than the contract's functions is named with what") {
  const auto found = broken(check_library(MTL_FIXTURE_DIR "/exporting.so", 20));
  REQUIRE(found.size() == 1);
  CHECK(found.at({"the library", "it exports the contract's functions and nothing else"}) ==
        "it exports 'exported_helper' too; build it with mtl_add_plugin, or link it with its version script");
}

TEST_CASE("exported symbols are those of the library's own table") {
  CHECK(conformance::exported_symbols("/no/such.so").empty());
  const std::string library = MTL_FIXTURE_DIR "/exporting.so";
  REQUIRE(host::load_library(library).problem.empty());
  std::vector<std::string> names = conformance::exported_symbols(library);
  CHECK(std::count(names.begin(), names.end(), "exported_helper") == 1);
  CHECK(std::count(names.begin(), names.end(), "mtl_plugin_entry_v1") == 1);
  CHECK(std::count(names.begin(), names.end(), "dlopen") == 0);
}

TEST_CASE("what does not start is told in its own words; what is no plugin is not loaded") {
  const auto throwing = broken(check_library(MTL_FIXTURE_DIR "/throwing.so", 20));
  CHECK(throwing.at({"weighting 'throwing'", "it can be made and destroyed three times"}) ==
        "throws: the moon is in the wrong phase");
  CHECK(throwing.at({"the library", "its entry function offers what its note says"}) ==
        "its note offers weighting:announced, weighting:throwing, its entry function weighting:throwing");
  CHECK(broken(check_library(MTL_FIXTURE_DIR "/null_entry.so", 20))
            .at({"the library", "it can be loaded, and says what it offers"})
            .rfind("failed to say what it offers", 0) == 0);
  CHECK(broken(check_library(MTL_FIXTURE_DIR "/crashing_constructor.so", 20))
            .at({"the library", "it can be loaded, and says what it offers"})
            .rfind("crashed (Segmentation fault) while it was loaded", 0) == 0);
  const auto source = check_library(__FILE__, 20);
  REQUIRE(source.size() == 1);
  CHECK_FALSE(source.front().kept());
}
