#include "plugins/host/search_path.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>

#include "tests/support/temporary_folder.h"

using namespace mtl;

TEST_CASE("folders come in the order of the contract, each once, never the current one") {
  const test::TemporaryFolder a, b, c, home;
  const auto user = home.path() / "mtl-engine/plugins";
  std::filesystem::create_directories(user);
  setenv("MTL_ENGINE_PLUGIN_PATH", (c.path().string() + "::/no/such/folder:" + a.path().string()).c_str(), 1);
  setenv("XDG_DATA_HOME", home.path().c_str(), 1);
  const auto folders = host::plugin_folders({a.path()}, {b.path()});
  REQUIRE(folders.size() >= 4);
  CHECK(folders[0] == a.path());
  CHECK(folders[1] == b.path());
  CHECK(folders[2] == c.path());
  CHECK(folders[3] == user);
  CHECK(std::count(folders.begin(), folders.end(), a.path()) == 1);
  CHECK(std::count(folders.begin(), folders.end(), std::filesystem::current_path()) == 0);
  unsetenv("MTL_ENGINE_PLUGIN_PATH");
}

TEST_CASE("a folder that was asked for must be there") {
  CHECK(test::error_of([] { host::plugin_folders({"/no/such"}, {}); }) ==
        "--plugin-dir names '/no/such', which is no folder; give an existing one");
  CHECK(test::error_of([] { host::plugin_folders({}, {"/no/such"}); }) ==
        "engine.plugin_dirs names '/no/such', which is no folder; give an existing one");
  setenv("MTL_ENGINE_PLUGIN_PATH", "plugins", 1);
  CHECK(test::error_of([] { host::plugin_folders({}, {}); }) ==
        "MTL_ENGINE_PLUGIN_PATH names the relative folder 'plugins'; give absolute paths");
  unsetenv("MTL_ENGINE_PLUGIN_PATH");
}
