#include "framework/model/zip_directory.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/support/stored_zip.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using namespace std::literals;
using test::little_endian_bytes;
using test::stored_zip;

namespace {

std::string error_for(const std::string& file) {
  return test::error_of([&] { ZipDirectory{file}; });
}

/// The file with `bytes` in place of those `offset` behind the last `mark`.
std::string altered(std::string file, const std::string& mark, size_t offset, const std::string& bytes) {
  return file.replace(file.rfind(mark) + offset, bytes.size(), bytes);
}

/// Gives the file a directory end of 64 bits, and leaves the numbers of the old one without meaning.
std::string with_end_of_64_bits(const std::string& file, uint64_t entries) {
  const size_t end = file.rfind("PK\5\6");
  const uint64_t size = static_cast<uint8_t>(file[end + 12]), offset = static_cast<uint8_t>(file[end + 16]);
  const auto number = little_endian_bytes;
  const std::string end64 = "PK\6\6" + number(44, 8) + number(45, 2) + number(45, 2) + number(0, 8) +
                            number(entries, 8) + number(entries, 8) + number(size, 8) + number(offset, 8);
  const std::string locator = "PK\6\7" + number(0, 4) + number(end, 8) + number(1, 4);
  return file.substr(0, end) + end64 + locator + "PK\5\6" + std::string(4, '\0') + std::string(12, '\xff') + "\0\0"s;
}

const std::string two = stored_zip({{"b", "second"}, {"a", "first"}});
const std::string central = "PK\1\2", local = "PK\3\4", end = "PK\5\6";
const std::string damaged = "has a damaged zip directory: ";

}  // namespace

TEST_CASE("entries are found by name, as views into the file") {
  const ZipDirectory directory(two);
  REQUIRE(directory.entries().size() == 2);
  CHECK(directory.entries()[0].name == "a");
  CHECK(directory.find("a")->bytes == "first");
  CHECK(directory.find("b")->bytes == "second");
  CHECK(directory.find("b")->bytes.data() == two.data() + two.find("second"));
  CHECK(directory.find("c") == nullptr);
  CHECK(directory.find("") == nullptr);
}

TEST_CASE("a comment at the end and a directory of 64 bits are read") {
  const std::string commented = altered(two, end, 20, little_endian_bytes(5, 2)) + "PK\5\6x";
  CHECK(ZipDirectory(commented).find("a")->bytes == "first");
  const std::string large = with_end_of_64_bits(two, 2);
  CHECK(ZipDirectory(large).find("a")->bytes == "first");
  CHECK(error_for(with_end_of_64_bits(two, uint64_t{1} << 60)) ==
        damaged + "it states 1152921504606846976 entries; get the file again");
}

TEST_CASE("an entry's size and offset may stand in its extra field") {
  std::string file = stored_zip({{"a" + std::string(28, '\0'), "first"}});
  const size_t at = file.rfind(central);  // the name's last 28 bytes become the extra field
  const std::string extra = little_endian_bytes(1, 2) + little_endian_bytes(24, 2) + little_endian_bytes(5, 8) +
                            little_endian_bytes(5, 8) + little_endian_bytes(0, 8);
  file.replace(at + 47, 28, extra);
  file.replace(at + 28, 4, little_endian_bytes(1, 2) + little_endian_bytes(28, 2));
  file.replace(file.find(local) + 26, 4, little_endian_bytes(1, 2) + little_endian_bytes(28, 2));
  file.replace(at + 20, 8, std::string(8, '\xff'));
  file.replace(at + 42, 4, std::string(4, '\xff'));
  CHECK(ZipDirectory(file).find("a")->bytes == "first");
  CHECK(error_for(altered(file, central, 49, little_endian_bytes(16, 2))) ==
        damaged + "an entry lacks its 64-bit size or offset; get the file again");
  CHECK(error_for(altered(file, central, 51, std::string(16, '\xff'))).rfind(damaged + "an entry of ", 0) == 0);
}

TEST_CASE("compressed and encrypted entries are refused where they are asked for") {
  for (const std::string& file :
       {altered(two, central, 10, little_endian_bytes(8, 2)), altered(two, central, 8, little_endian_bytes(1, 2))}) {
    const ZipDirectory directory(file);
    CHECK(directory.find("b")->bytes == "second");
    CHECK(test::error_of([&] { directory.find("a"); }) ==
          "holds 'a' compressed or encrypted, which torch.save never does; save the weights again with torch.save");
  }
}

TEST_CASE("damaged directories are refused") {
  CHECK(error_for("") == "ends before its zip directory; the file is truncated, get it again");
  CHECK(error_for(two.substr(0, two.size() - 1)) ==
        "ends before its zip directory; the file is truncated, get it again");
  const auto fails = [](const std::string& file, const std::string& how) {
    const std::string error = error_for(file);
    CHECK_MESSAGE(error.rfind(damaged + how, 0) == 0, error);
  };
  const std::string huge(4, '\xfe');
  fails(altered(two, end, 16, huge), "the directory of ");
  fails(altered(two, end, 12, huge), "the directory of ");
  fails(altered(two, end, 10, little_endian_bytes(3, 2)), "it states 3 entries");
  fails(altered(two, end, 16, little_endian_bytes(1, 4)), "byte 0 is not the start of a directory entry");
  fails(altered(two, central, 28, little_endian_bytes(0xffff, 2)), "a name of 65535 bytes");
  fails(altered(two, central, 30, little_endian_bytes(0xffff, 2)), "an extra field of 65535 bytes");
  fails(altered(two, central, 32, little_endian_bytes(0xffff, 2)), "a comment of 65535 bytes");
  fails(altered(two, central, 42, huge), "an entry of 30 bytes");
  fails(altered(two, central, 42, little_endian_bytes(1, 4)), "byte 1 is not the start of an entry");
  fails(altered(two, central, 20, huge), "entry 'a' is stored and has two sizes");
  fails(altered(two, central, 20, huge + huge), "an entry of 4278124286 bytes");
  fails(altered(two, local, 28, little_endian_bytes(0xffff, 2)), "an entry of 5 bytes");
  fails(altered(two, local, 30, "x"), "entry 'a' has another name at its bytes");
  fails(stored_zip({{"a", ""}, {"a", ""}}), "two entries have the name 'a'");
}
