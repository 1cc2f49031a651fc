#include "plugins/host/plugin_index.h"

#include <doctest/doctest.h>

#include "tests/plugins/host/plugin_copy.h"

using namespace mtl;
using namespace mtl::host;
using test::PluginCopy;

TEST_CASE("a folder is listed by file name, good and bad, without running anything") {
  const test::TemporaryFolder folder;
  folder.write("b.so", PluginCopy().bytes());
  folder.write("a.so", "no library");
  folder.write("notes.txt", PluginCopy().bytes());
  const auto index = index_plugins({folder.path(), folder.path()});
  REQUIRE(index.size() == 2);
  CHECK(index[0].file.filename() == "a.so");
  CHECK(index[0].problem == "is no ELF shared library");
  CHECK(index[1].problem == "");
  REQUIRE(index[1].offers.size() == 1);
  CHECK(index[1].offers[0].kind == "backbone");
  CHECK(index[1].offers[0].name == "tiny_backbone");
}

TEST_CASE("a link may not lead out of the plugin folder") {
  const test::TemporaryFolder inside, outside;
  const auto target = outside.write("real.so", PluginCopy().bytes());
  std::filesystem::create_symlink(target, inside.path() / "link.so");
  std::filesystem::create_symlink("nowhere", inside.path() / "none.so");
  inside.write("own.so", PluginCopy().bytes());
  std::filesystem::create_symlink("own.so", inside.path() / "own_link.so");
  const auto index = index_plugins({inside.path()});
  REQUIRE(index.size() == 3);
  CHECK(index[0].problem == "is a link from " + (inside.path() / "link.so").string() +
                                ", out of the plugin folder; copy the file itself there");
  CHECK(index[1].problem.rfind("leads to nothing", 0) == 0);
  CHECK(index[2].file.filename() == "own.so");
  CHECK(index[2].problem == "");
}

TEST_CASE("offers have a known kind and a plain name") {
  const test::TemporaryFolder folder;
  const auto problem = [&](const std::string& offers) {
    folder.write("p.so", PluginCopy().text(offsetof(PluginNote, offers), offers).bytes());
    return index_plugins({folder.path()}).at(0).problem;
  };
  const std::string expected =
      "; a backbone, head or weighting with a name of small letters, digits and '_' is expected";
  CHECK(problem("backbone:tiny_backbone head:x") == "");
  CHECK(problem("head:../../etc") == "offers 'head:../../etc'" + expected);
  CHECK(problem("head:Focal") == "offers 'head:Focal'" + expected);
  CHECK(problem("engine:x") == "offers 'engine:x'" + expected);
  CHECK(problem("") == "has a note that offers nothing; name what it offers in MTL_PLUGIN");
}

TEST_CASE("plugin names") {
  CHECK(is_plugin_name("efficientnet_b0"));
  CHECK_FALSE(is_plugin_name(""));
  CHECK_FALSE(is_plugin_name("0b"));
  CHECK_FALSE(is_plugin_name("a-b"));
  CHECK_FALSE(is_plugin_name("a/b"));
  CHECK(is_plugin_name(std::string(64, 'a')));
  CHECK_FALSE(is_plugin_name(std::string(65, 'a')));
}
