#include "framework/data/manifest.h"

#include <doctest/doctest.h>

#include "tests/support/temporary_folder.h"

using namespace mtl;

namespace {

Manifest read(const std::string& text, DataSettings settings = {}) {
  const test::TemporaryFolder folder;
  settings.manifest = folder.write("m.csv", text);
  return read_manifest(settings);
}

std::string error(const std::string& text, const DataSettings& settings = {}) {
  return test::error_of([&] { read(text, settings); });
}

}  // namespace

TEST_CASE("columns are told apart: image, split, group, labels") {
  DataSettings settings;
  settings.group_column = "part";
  const Manifest manifest = read(
      "part,image,defect,split,light\np1,a.png,rust,train,dome\np1,b.png,,train,\np2,c.png,rust,val,dome\n,d.png,x,"
      "test,y\n",
      settings);
  const SampleTable& table = manifest.table;
  CHECK(manifest.has_splits);
  CHECK(table.columns == std::vector<std::string>{"defect", "light"});
  CHECK(table.images == std::vector<std::string>{"a.png", "b.png", "c.png", "d.png"});
  CHECK(table.cells[1] == std::vector<std::string>{"", ""});
  CHECK(table.groups[0] == table.groups[1]);
  CHECK(table.groups[3] == "image:d.png");
  CHECK(table.splits == std::vector<Split>{Split::train, Split::train, Split::validation, Split::test});
  CHECK(table.where(2) == "m.csv:4");
}

TEST_CASE("without a split column every row waits in train") {
  const Manifest manifest = read("image,defect\na.png,x\n");
  CHECK_FALSE(manifest.has_splits);
  CHECK(manifest.table.rows_of(Split::train).size() == 1);
}

TEST_CASE("mistakes are told with their lines") {
  DataSettings grouped;
  grouped.group_column = "part";
  CHECK(error("imgae,defect\na,x\n") ==
        "m.csv:1: there is no column 'image' (data.image_column) (did you mean 'imgae'?); there are 'imgae', 'defect'");
  CHECK(error("image,defect\na.png,x\n./a.png,y\n") ==
        "m.csv:3: the image './a.png' stands in line 2 already; name each once");
  CHECK(error("image,defect\n../a.png,x\n") ==
        "m.csv:2: the image '../a.png' lies outside the manifest's folder; give a path below it, or set "
        "data.allow_outside = true");
  CHECK(error("image,defect\n/etc/passwd,x\n") ==
        "m.csv:2: the image '/etc/passwd' lies outside the manifest's folder; give a path below it, or set "
        "data.allow_outside = true");
  CHECK(error("image,defect\n,x\n") ==
        "m.csv:2: the image's cell is empty; a path relative to the manifest is expected");
  CHECK(error("image,split\na.png,tset\n") ==
        "m.csv:2: the split 'tset' is unknown (did you mean 'test'?); train, val or test is expected");
  CHECK(error("image,split,part\na.png,train,p\nb.png,val,q\nc.png,test,p\n", grouped) ==
        "m.csv:4: group 'p' is in split test here and in split train in line 2; keep a group in one split");
  CHECK(error("image,defect\n") == "m.csv has a header and no rows; a row per image is expected");
}

TEST_CASE("a link out of the manifest's folder is noticed, and all ways out can be allowed") {
  const test::TemporaryFolder folder;
  folder.write("elsewhere/b.png", "b");
  folder.write("set/inside/a.png", "a");
  std::filesystem::create_symlink(folder.path() / "elsewhere", folder.path() / "set/link");
  std::filesystem::create_symlink(folder.path() / "set/inside", folder.path() / "set/same");
  DataSettings settings;
  settings.manifest = folder.write("set/m.csv", "image,defect\nsame/a.png,x\nmissing.png,x\n");
  CHECK(read_manifest(settings).table.size() == 2);
  for (const std::string& image :
       {std::string("link/b.png"), std::string("../elsewhere/b.png"), (folder.path() / "elsewhere/b.png").string()}) {
    folder.write("set/m.csv", "image,defect\n" + image + ",x\n");
    settings.allow_outside = false;
    CHECK(test::error_of([&] { read_manifest(settings); }).find("lies outside the manifest's folder") !=
          std::string::npos);
    settings.allow_outside = true;
    CHECK(read_manifest(settings).table.images == std::vector<std::string>{image});
  }
}

TEST_CASE("the mtd manifest, where it is at hand") {
  const std::filesystem::path file = std::filesystem::path(MTL_SOURCE_DIR) / "../shared/data/mtd/manifest.csv";
  if (!std::filesystem::exists(file)) {
    MESSAGE("skipped: the mtd photographs are not beside the project");
    return;
  }
  DataSettings settings;
  settings.manifest = file;
  settings.group_column = "tile";
  const SampleTable table = read_manifest(settings).table;
  CHECK(table.size() == 1344);
  CHECK(table.rows_of(Split::train).size() == 810);
  CHECK(table.rows_of(Split::test).size() == 265);
}
