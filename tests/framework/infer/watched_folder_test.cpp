#include <doctest/doctest.h>

#include <thread>

#include "framework/infer/watched_folder.h"
#include "mtl/error.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

using Paths = std::vector<fs::path>;

/// What comes within a second.
Paths awaited(WatchedFolder& watched) {
  Paths all;
  for (int looks = 0; looks < 20; ++looks) {
    for (const fs::path& file : watched.look()) all.push_back(file.filename());
    std::this_thread::sleep_for(20ms);
  }
  return all;
}

}  // namespace

TEST_CASE("every picture of a folder comes once, those that are there and those that come") {
  const test::TemporaryFolder folder;
  folder.write("old.png", "x");
  folder.write("notes.txt", "x");
  WatchedFolder watched(folder.path(), 50ms);
  CHECK(watched.look().empty());  // it has not settled yet
  CHECK(awaited(watched) == Paths{"old.png"});
  fs::create_directories(folder.path() / "later");
  folder.write("later/b.png", "x");
  folder.write("later/a.png", "x");
  CHECK(awaited(watched) == Paths{"a.png", "b.png"});
  CHECK(awaited(watched).empty());
}

TEST_CASE("a picture that is being written is waited for") {
  const test::TemporaryFolder folder;
  WatchedFolder watched(folder.path(), 200ms);
  std::string content;
  for (int part = 0; part < 8; ++part) {
    folder.write("slow.png", content += "part");
    CHECK(watched.look().empty());
    std::this_thread::sleep_for(40ms);
  }
  CHECK(awaited(watched) == Paths{"slow.png"});
  folder.write("slow.png", "another picture under the same name");
  CHECK(awaited(watched) == Paths{"slow.png"});
}

TEST_CASE("what is no folder cannot be watched") {
  const test::TemporaryFolder folder;
  const std::string path = (folder.path() / "no").string();
  CHECK_THROWS_WITH_AS(WatchedFolder{path},
                       ("'" + path + "' is no folder; name the one that the pictures come to").c_str(), Error);
}
