#include "framework/support/atomic_file.h"

#include <doctest/doctest.h>

#include "framework/support/csv_text.h"
#include "mtl/error.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
namespace fs = std::filesystem;

namespace {

size_t files_in(const fs::path& folder) {
  size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder)) count += entry.is_regular_file();
  return count;
}

}  // namespace

TEST_CASE("a file is replaced as a whole and leaves nothing beside it") {
  const test::TemporaryFolder folder;
  const auto file = folder.path() / "a.txt";
  write_file(file, "first");
  write_file(file, "second");
  CHECK(test::read_file(file) == "second");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a failure keeps what stood there and removes what was begun") {
  const test::TemporaryFolder folder;
  const auto file = folder.write("a.png", "old");
  CHECK(test::error_of([&] {
          write_file_with(file, [](const fs::path& temporary) {
            CHECK(temporary.extension() == ".png");
            write_file(temporary, "half");
            throw Error("the writer gave up");
          });
        }) == "the writer gave up");
  CHECK(test::read_file(file) == "old");
  CHECK(files_in(folder.path()) == 1);
}

TEST_CASE("a folder that is not there, or a full disk, is told with its name and the system's reason") {
  CHECK(test::error_of([] { write_file("/no/such/folder/a.txt", "x"); }) ==
        "cannot write '/no/such/folder/a.txt': No such file or directory; free space or choose another folder "
        "(run.folder)");
  const std::string full = test::error_of([] { make_folder("/proc/nothing/here"); });
  CHECK(full.find("'/proc/nothing/here'") != std::string::npos);
  CHECK(full.find("choose another folder (run.folder)") != std::string::npos);
}

TEST_CASE("CSV records quote what has to be quoted") {
  CHECK(csv_record({"a", "b,c", "d\"e", "f\ng", ""}) == "a,\"b,c\",\"d\"\"e\",\"f\ng\",\n");
}
