#include "framework/data/csv_reader.h"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace fs = std::filesystem;
namespace {

constexpr uintmax_t largest_file = uintmax_t{256} << 20;

/// The length of the UTF-8 character at `at`, 0 where there is none (RFC 3629: no overlong forms, no surrogates).
size_t utf8_length(const std::string& text, size_t at) {
  const auto byte = [&](size_t i) { return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0U; };
  const auto follows = [&](size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  const unsigned lead = byte(0);
  if (lead < 0x80) return lead == 0 ? 0 : 1;
  if (lead >= 0xc2 && lead < 0xe0) return follows(1) ? 2 : 0;
  if (lead >= 0xe0 && lead < 0xf0) {
    const bool overlong = lead == 0xe0 && byte(1) < 0xa0, surrogate = lead == 0xed && byte(1) >= 0xa0;
    return follows(1) && follows(2) && !overlong && !surrogate ? 3 : 0;
  }
  if (lead >= 0xf0 && lead < 0xf5) {
    const bool outside = (lead == 0xf0 && byte(1) < 0x90) || (lead == 0xf4 && byte(1) >= 0x90);
    return follows(1) && follows(2) && follows(3) && !outside ? 4 : 0;
  }
  return 0;
}

class Parser {
 public:
  Parser(std::string name, std::string text) : name_(std::move(name)), text_(std::move(text)) {}

  CsvTable parse() {
    check_encoding();
    if (text_.rfind("\xef\xbb\xbf", 0) == 0) at_ = 3;
    CsvTable table;
    while (at_ < text_.size()) {
      const size_t line = line_;
      std::vector<std::string> record = read_record();
      if (record.size() == 1 && record[0].empty()) continue;  // an empty line
      if (table.header.empty()) {
        table.header = std::move(record);
        check_header(table.header, line);
      } else {
        if (record.size() != table.header.size())
          fail(line, "this row has " + std::to_string(record.size()) + " cells, the header " +
                         std::to_string(table.header.size()));
        table.rows.push_back(std::move(record));
        table.lines.push_back(line);
      }
    }
    if (table.header.empty()) fail(1, "the file is empty; a header with column names is expected");
    return table;
  }

 private:
  [[noreturn]] void fail(size_t line, const std::string& what) const {
    throw Error(name_ + ":" + std::to_string(line) + ": " + what);
  }

  void check_encoding() const {
    if (text_.rfind("\xff\xfe", 0) == 0 || text_.rfind("\xfe\xff", 0) == 0)
      fail(1, "the file is UTF-16; save it as UTF-8");
    size_t line = 1;
    for (size_t at = 0; at < text_.size();) {
      const size_t length = utf8_length(text_, at);
      if (length == 0) fail(line, "the text is not UTF-8 here; save the file as UTF-8");
      line += text_[at] == '\n';
      at += length;
    }
  }

  void check_header(const std::vector<std::string>& header, size_t line) const {
    for (size_t i = 0; i < header.size(); ++i) {
      if (header[i].empty()) fail(line, "column " + std::to_string(i + 1) + " has no name; name every column");
      if (std::find(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(i), header[i]) !=
          header.begin() + static_cast<std::ptrdiff_t>(i))
        fail(line, "two columns are called " + in_quotes(header[i]) + "; give each a name of its own");
    }
  }

  std::vector<std::string> read_record() {
    std::vector<std::string> cells;
    for (;;) {
      cells.push_back(at_ < text_.size() && text_[at_] == '"' ? read_quoted() : read_plain());
      if (at_ < text_.size() && text_[at_] == ',') {
        ++at_;
        continue;
      }
      if (at_ < text_.size() && text_[at_] == '\r') ++at_;
      if (at_ < text_.size() && text_[at_] == '\n') ++at_, ++line_;
      return cells;
    }
  }

  std::string read_plain() {
    const size_t end = std::min(text_.find_first_of(",\n", at_), text_.size());
    std::string cell = text_.substr(at_, end - at_);
    at_ = end;
    const size_t first = cell.find_first_not_of(" \t\r"), last = cell.find_last_not_of(" \t\r");
    return first == std::string::npos ? "" : cell.substr(first, last - first + 1);
  }

  std::string read_quoted() {
    const size_t opened = line_;
    std::string cell;
    for (++at_; at_ < text_.size(); ++at_) {
      if (text_[at_] == '"') {
        if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
          ++at_;
        } else {
          ++at_;
          if (at_ < text_.size() && text_[at_] != ',' && text_[at_] != '\n' && text_[at_] != '\r')
            fail(line_, "text follows a closing quote; double the quotes inside a cell");
          return cell;
        }
      }
      line_ += text_[at_] == '\n';
      cell += text_[at_];
    }
    fail(opened, "a quote is opened here and never closed");
  }

  std::string name_, text_;
  size_t at_ = 0, line_ = 1;
};

}  // namespace

CsvTable read_csv(const fs::path& file) {
  std::error_code error;
  const auto status = fs::status(file, error);
  if (!fs::exists(status)) throw Error(file.string() + " is not there; give the path of a CSV file");
  if (!fs::is_regular_file(status)) throw Error(file.string() + " is no file; give the path of a CSV file");
  if (fs::file_size(file, error) > largest_file)
    throw Error(file.string() + " is larger than 256 MiB; a CSV file with a row per image is expected");
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  if (!in) throw Error(file.string() + " cannot be read; check its permissions");
  return parse_csv(text.str(), file.filename().string());
}

CsvTable parse_csv(std::string text, const std::string& name) { return Parser(name, std::move(text)).parse(); }

}  // namespace mtl
