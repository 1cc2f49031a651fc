#include "framework/support/mapped_file.h"

#include <doctest/doctest.h>

#include <cstring>

#include "mtl/error.h"
#include "tests/support/temporary_folder.h"

using mtl::MappedFile;

TEST_CASE("pieces keep their bytes, begin on cache lines and end with the capacity") {
  const mtl::test::TemporaryFolder folder;
  MappedFile file(folder.path(), 64 + 100);
  uint8_t* first = file.take(10);
  REQUIRE(first != nullptr);
  uint8_t* second = file.take(100);
  REQUIRE(second != nullptr);
  CHECK(second - first == 64);
  std::memset(first, 1, 10);
  std::memset(second, 2, 100);
  CHECK(first[9] == 1);
  CHECK(second[99] == 2);
  CHECK(file.take(1) == nullptr);
}

TEST_CASE("the file has no name") {
  const mtl::test::TemporaryFolder folder;
  MappedFile file(folder.path(), 1 << 20);
  REQUIRE(file.take(1 << 20) != nullptr);
  CHECK(std::filesystem::is_empty(folder.path()));
}

TEST_CASE("a folder that takes no file is told with the way out") {
  const mtl::test::TemporaryFolder folder;
  const auto missing = folder.path() / "missing";
  CHECK(mtl::test::error_of([&] { MappedFile(missing, 100); }) ==
        "cannot make a file of cached pixels in '" + missing.string() +
            "': No such file or directory; name another folder in data.cache_folder, or leave it out to keep them in "
            "memory");
}
