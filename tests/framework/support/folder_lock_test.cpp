#include <doctest/doctest.h>

#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <optional>

#include "framework/support/folder_lock.h"
#include "mtl/error.h"
#include "mtl/text.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;

TEST_CASE("a folder is locked while the lock lives") {
  const test::TemporaryFolder folder;
  std::optional<FolderLock> lock(folder.path());
  CHECK_THROWS_WITH_AS(FolderLock(folder.path()),
                       (in_quotes(folder.path().string()) +
                        " is in use by another mtl-engine; wait for it to end, or choose another folder")
                           .c_str(),
                       Error);
  lock.reset();
  CHECK_NOTHROW(FolderLock(folder.path()));
}

TEST_CASE("the lock of a process that was killed is free") {
  const test::TemporaryFolder folder;
  int ready[2];
  REQUIRE(::pipe(ready) == 0);
  const pid_t child = ::fork();
  if (child == 0) {
    const FolderLock lock(folder.path());
    if (::write(ready[1], "x", 1) != 1) ::_exit(1);
    for (;;) ::pause();
  }
  char byte;
  REQUIRE(::read(ready[0], &byte, 1) == 1);
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  CHECK_NOTHROW(FolderLock(folder.path()));
}
