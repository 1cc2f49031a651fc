#include "plugins/host/plugin_registry.h"

#include <doctest/doctest.h>

#include "mtl/backbone.h"
#include "tests/plugins/host/plugin_copy.h"

using namespace mtl;
using namespace mtl::host;
using test::error_of;
using test::PluginCopy;
namespace fs = std::filesystem;

namespace {

const fs::path faulty = fs::path(MTL_BUILD_DIR) / "test-plugins";

std::string find_error(const PluginRegistry& registry, PluginKind kind, const std::string& name) {
  return error_of([&] { registry.find(kind, name, "x.toml:2:1"); });
}

std::string faulty_error(PluginKind kind, const std::string& name) {
  return find_error(PluginRegistry({faulty}), kind, name);
}

}  // namespace

TEST_CASE("a plugin is found, loaded and made") {
  const PluginRegistry registry({MTL_EXAMPLE_DIR});
  const LoadedItem found = registry.find(PluginKind::backbone, "tiny_backbone", "here");
  CHECK(found.item->name == "tiny_backbone");
  CHECK(found.file.filename() == "tiny_backbone.so");
  const auto backbone = registry.make_backbone({"tiny_backbone", "here", {{"width", int64_t{8}, "here"}}});
  CHECK(backbone->shape().width == 8);
}

TEST_CASE("an unknown name: where was searched, what is there, the nearest") {
  const PluginRegistry registry({MTL_EXAMPLE_DIR});
  CHECK(find_error(registry, PluginKind::backbone, "tiny_backbon") ==
        "x.toml:2:1: there is no backbone 'tiny_backbon' (did you mean 'tiny_backbone'?); searched " MTL_EXAMPLE_DIR
        ", where there are 'tiny_backbone'");
  CHECK(find_error(registry, PluginKind::weighting, "tiny_backbone") ==
        "x.toml:2:1: there is no weighting 'tiny_backbone'; searched " MTL_EXAMPLE_DIR ", where there is none");
  CHECK(find_error(registry, PluginKind::head, "../evil").find("is no name of small letters") != std::string::npos);
}

TEST_CASE("two libraries with one name are refused, not chosen between") {
  const test::TemporaryFolder folder;
  const auto a = folder.write("a.so", PluginCopy().bytes()), b = folder.write("b.so", PluginCopy().bytes());
  CHECK(find_error(PluginRegistry({folder.path()}), PluginKind::backbone, "tiny_backbone") ==
        "x.toml:2:1: two libraries offer the backbone 'tiny_backbone': " + a.string() + " and " + b.string() +
            "; remove one of them");
}

TEST_CASE("a plugin of another ABI is refused by name before any of its code runs") {
  const test::TemporaryFolder folder;
  const auto file =
      folder.write("tiny_backbone.so", PluginCopy().number(offsetof(PluginNote, torch_minor), 99).bytes());
  const std::string error = find_error(PluginRegistry({folder.path()}), PluginKind::backbone, "tiny_backbone");
  CHECK(error.rfind("x.toml:2:1: " + file.string() + " was built with LibTorch ", 0) == 0);
  const auto older = folder.write("tiny_backbone.so", PluginCopy().number(offsetof(PluginNote, sdk_abi), 7).bytes());
  CHECK(find_error(PluginRegistry({folder.path()}), PluginKind::backbone, "tiny_backbone")
            .find("was built for SDK ABI 7") != std::string::npos);
}

TEST_CASE("libraries that load badly say why") {
  CHECK(faulty_error(PluginKind::backbone, "undefined_symbol") ==
        "x.toml:2:1: " + (faulty / "undefined_symbol.so").string() +
            " needs the symbol 'vendor::calibrate(int)', which neither the engine nor LibTorch defines; link the "
            "library that does, or "
            "build it again");
  CHECK(faulty_error(PluginKind::backbone, "no_entry") ==
        "x.toml:2:1: " + (faulty / "no_entry.so").string() +
            " has a plugin note but no function mtl_plugin_entry_v1; build it again with MTL_PLUGIN");
  CHECK(faulty_error(PluginKind::backbone, "null_entry") ==
        "x.toml:2:1: " + (faulty / "null_entry.so").string() +
            " failed to say what it offers: its entry function returned nothing");
  CHECK(faulty_error(PluginKind::weighting, "announced") ==
        "x.toml:2:1: " + (faulty / "throwing.so").string() +
            " offers the weighting 'announced' in its note but not in its entry function; build it again");
}

TEST_CASE("a library that would take the engine along is not loaded into it") {
  const std::string ending = " while it was loaded; build it again, or take it out of the plugin folder";
  CHECK(faulty_error(PluginKind::backbone, "crashing_constructor") ==
        "x.toml:2:1: " + (faulty / "crashing_constructor.so").string() + " crashed (Segmentation fault)" + ending);
  CHECK(faulty_error(PluginKind::backbone, "leaving_constructor") ==
        "x.toml:2:1: " + (faulty / "leaving_constructor.so").string() + " ended the process" + ending);
  CHECK(faulty_error(PluginKind::backbone, "hanging_constructor") ==
        "x.toml:2:1: " + (faulty / "hanging_constructor.so").string() + " did not end within 20 seconds" + ending);
}

TEST_CASE("a plugin that fails to start is named with its own reason") {
  const PluginRegistry registry({faulty});
  CHECK(error_of([&] {
          registry.make_weighting({"throwing", "x.toml:9:1", {}}, {{"A"}, {1.0}, 0});
        }) == "x.toml:9:1: weighting 'throwing' (" + (faulty / "throwing.so").string() +
                  ") failed to start: the moon is in the wrong phase");
}

TEST_CASE("a truncated library is not mapped: touching what is not there would end the process") {
  const test::TemporaryFolder folder;
  const std::string good = PluginCopy().bytes();
  const auto file = folder.write("tiny_backbone.so", good.substr(0, good.size() / 2));
  CHECK(find_error(PluginRegistry({folder.path()}), PluginKind::backbone, "tiny_backbone") ==
        "x.toml:2:1: " + file.string() + " ends before its code; it is truncated");
}

TEST_CASE("all problems of a choice's options at once") {
  const PluginRegistry registry({MTL_EXAMPLE_DIR});
  const PluginChoice choice{
      "tiny_backbone", "x.toml:2:1", {{"widht", int64_t{8}, "x.toml:3:1"}, {"dropout", 2.0, "x.toml:4:1"}}};
  const auto problems = registry.problems(PluginKind::backbone, choice);
  REQUIRE(problems.size() == 2);
  CHECK(
      problems[0] ==
      "x.toml:3:1: backbone 'tiny_backbone' has no option 'widht' (did you mean 'width'?); it has 'width', 'dropout'");
  CHECK(problems[1] ==
        "x.toml:4:1: backbone 'tiny_backbone': option 'dropout' = 2.0 is out of range; 0 .. 0.99 is expected");
}
