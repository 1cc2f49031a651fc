#include <doctest/doctest.h>

#include <sstream>

#include "framework/infer/picture_list.h"
#include "mtl/error.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
namespace fs = std::filesystem;

namespace {

using Paths = std::vector<std::string>;

/// The pictures by their paths from the folder.
Paths listed(const test::TemporaryFolder& folder, const Paths& paths, const std::string& input = "") {
  std::istringstream in(input);
  const NextPicture next = pictures_of(paths, "image", in);
  Paths files;
  while (const auto file = next()) files.push_back(file->lexically_relative(folder.path()).string());
  return files;
}

}  // namespace

TEST_CASE("files, folders and patterns are listed in order, pictures alone out of folders") {
  const test::TemporaryFolder folder;
  for (const char* file : {"b.png", "a.JPG", "notes.txt", "in/c.tiff", "in/deeper/d.bmp"}) {
    fs::create_directories((folder.path() / file).parent_path());
    folder.write(file, "x");
  }
  const std::string root = folder.path().string();
  CHECK(listed(folder, {root}) == Paths{"a.JPG", "b.png", "in/c.tiff", "in/deeper/d.bmp"});
  CHECK(listed(folder, {root + "/b.png", root + "/notes.txt"}) == Paths{"b.png", "notes.txt"});
  CHECK(listed(folder, {root + "/*.[pJ]*"}) == Paths{"a.JPG", "b.png"});
}

TEST_CASE("a file whose name holds a pattern's characters is that file") {
  const test::TemporaryFolder folder;
  folder.write("a[1].png", "x");
  CHECK(listed(folder, {folder.path().string() + "/a[1].png"}) == Paths{"a[1].png"});
}

TEST_CASE("a manifest and standard input name pictures") {
  const test::TemporaryFolder folder;
  folder.write("m.csv", "image,defect\nx/1.png,scratch\n2.png,\n");
  const std::string root = folder.path().string();
  CHECK(listed(folder, {root + "/m.csv"}) == Paths{"x/1.png", "2.png"});
  CHECK(listed(folder, {"-"}, root + "/1.png\r\n\n" + root + "/2.png") == Paths{"1.png", "2.png"});
  folder.write("n.csv", "imgae\n1.png\n");
  CHECK_THROWS_WITH_AS(
      listed(folder, {root + "/n.csv"}),
      (root + "/n.csv: there is no column 'image' (did you mean 'imgae'?); its columns are 'imgae'").c_str(), Error);
}

TEST_CASE("what names no picture is a sentence") {
  const test::TemporaryFolder folder;
  const std::string root = folder.path().string();
  CHECK_THROWS_WITH_AS(listed(folder, {root + "/no.png"}),
                       ("'" + root +
                        "/no.png' is not there; give pictures, folders, patterns, a manifest (.csv), or - "
                        "for a list")
                           .c_str(),
                       Error);
  CHECK_THROWS_WITH_AS(
      listed(folder, {root}),
      ("there is no picture in '" + root + "'; .png, .jpg, .bmp and .tif files are looked for").c_str(), Error);
  CHECK_THROWS_WITH_AS(listed(folder, {root + "/*.png"}), ("no file matches '" + root + "/*.png'").c_str(), Error);
}
