#include "plugins/host/permission_check.h"

#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "plugins/host/plugin_index.h"
#include "tests/plugins/host/plugin_copy.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using namespace mtl::host;

TEST_CASE("a file or a folder above it that others can change is refused, and used where everybody is trusted") {
  const test::TemporaryFolder folder;
  const auto file = folder.write("tiny_backbone.so", test::PluginCopy().bytes());
  const auto problem = [&] { return index_plugins({folder.path()}).at(0).problem; };
  CHECK(problem() == "");

  ::chmod(file.c_str(), 0666);
  CHECK(problem() == "is not safe to run: it can be changed by everybody; take that right away with chmod o-w '" +
                         file.string() + "', or pass --allow-insecure-plugins");
  ::chmod(file.c_str(), 0644);

  ::chmod(folder.path().c_str(), 0777);
  const std::string about_folder = "is not safe to run: the folder '" + folder.path().string() +
                                   "' can be changed by everybody; take that right away with chmod o-w '" +
                                   folder.path().string() + "', or pass --allow-insecure-plugins";
  CHECK(problem() == about_folder);
  const IndexedFile trusted = index_plugins({folder.path()}, Trust::everybody).at(0);
  CHECK(trusted.problem == "");
  CHECK(trusted.warning == about_folder);
  ::chmod(folder.path().c_str(), 01777);  // as /tmp: nobody can replace what is another's
  CHECK(problem() == "");
  ::chmod(folder.path().c_str(), 0755);
}

TEST_CASE("a file of another user is refused") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can give a file away");
    return;
  }
  const test::TemporaryFolder folder;
  const auto file = folder.write("tiny_backbone.so", test::PluginCopy().bytes());
  REQUIRE(::chown(file.c_str(), 12345, 12345) == 0);
  CHECK(open_to_others(file).find("it belongs to another user (number 12345)") != std::string::npos);
}
