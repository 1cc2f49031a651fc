#include "framework/data/csv_reader.h"

#include <doctest/doctest.h>

#include "framework/support/csv_text.h"
#include "tests/support/temporary_folder.h"

using namespace mtl;
using Rows = std::vector<std::vector<std::string>>;

namespace {

CsvTable read(const std::string& text) {
  const test::TemporaryFolder folder;
  return read_csv(folder.write("m.csv", text));
}

std::string error(const std::string& text) {
  return test::error_of([&] { read(text); });
}

}  // namespace

TEST_CASE("plain, quoted, CR LF, byte order mark, no last line end") {
  const Rows expected{{"a.png", "rust, deep"}, {"b.png", "he said \"no\""}, {"c.png", ""}, {"d.png", "two\nlines"}};
  for (const std::string& text :
       {std::string("image,defect\na.png,\"rust, deep\"\nb.png,\"he said \"\"no\"\"\"\nc.png,\nd.png,\"two\nlines\""),
        std::string("\xef\xbb\xbfimage,defect\r\na.png,\"rust, deep\"\r\n\r\nb.png,\"he said "
                    "\"\"no\"\"\"\r\nc.png,\r\nd.png,\"two\nlines\"\r\n")}) {
    const CsvTable table = read(text);
    CHECK(table.header == std::vector<std::string>{"image", "defect"});
    CHECK(table.rows == expected);
  }
}

TEST_CASE("rows know the lines they begin in") {
  const CsvTable table = read("image,note\n\na,\"x\ny\nz\"\nb,w\n");
  CHECK(table.lines == std::vector<size_t>{3, 6});
}

TEST_CASE("blanks around a plain cell are no part of it, those in quotes are") {
  const CsvTable table = read("image , defect\n a.png,\trust \nb.png,\" rust\"\n");
  CHECK(table.header[0] == "image");
  CHECK(table.header[1] == "defect");
  CHECK(table.rows[0][1] == "rust");
  CHECK(table.rows[1][1] == " rust");
}

TEST_CASE("what csv_record writes is read back") {
  const std::vector<std::string> cells{"plain", "a,b", "q\"q", "l\nl", "", "größe"};
  const CsvTable table = read("a,b,c,d,e,f\n" + csv_record(cells));
  REQUIRE(table.rows.size() == 1);
  CHECK(table.rows[0] == cells);
}

TEST_CASE("what is no CSV is refused with its line") {
  CHECK(error("image,defect\na.png\n") == "m.csv:2: this row has 1 cells, the header 2");
  CHECK(error("image,\"defect\na.png,x\n") == "m.csv:1: a quote is opened here and never closed");
  CHECK(error("image,defect\na,\"b\"c\n") == "m.csv:2: text follows a closing quote; double the quotes inside a cell");
  CHECK(error("image,defect,image\n") == "m.csv:1: two columns are called 'image'; give each a name of its own");
  CHECK(error("image,\n") == "m.csv:1: column 2 has no name; name every column");
  CHECK(error("image,gr\xf6\xdf"
              "e\n") == "m.csv:1: the text is not UTF-8 here; save the file as UTF-8");
  CHECK(error("image\na\n\xc0\xaf\n") == "m.csv:3: the text is not UTF-8 here; save the file as UTF-8");
  CHECK(error(std::string("\xff\xfei\0m\0", 6)) == "m.csv:1: the file is UTF-16; save it as UTF-8");
  CHECK(error(std::string("image\na\0b\n", 10)) == "m.csv:2: the text is not UTF-8 here; save the file as UTF-8");
  CHECK(error("\n\n") == "m.csv:1: the file is empty; a header with column names is expected");
  CHECK(error("") == "m.csv:1: the file is empty; a header with column names is expected");
  CHECK(test::error_of([] { read_csv("/no/such.csv"); }) == "/no/such.csv is not there; give the path of a CSV file");
  CHECK(test::error_of([] { read_csv("/tmp"); }) == "/tmp is no file; give the path of a CSV file");
}
