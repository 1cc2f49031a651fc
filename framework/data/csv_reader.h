#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace mtl {

struct CsvTable {
  std::vector<std::string> header;             ///< names, none empty or twice
  std::vector<std::vector<std::string>> rows;  ///< each as long as the header; blanks around a cell are cut
  std::vector<size_t> lines;                   ///< where each row begins, from 1
};

/// RFC 4180: commas, quotes, CR LF or LF; UTF-8 with or without a byte order mark. Throws mtl::Error with file:line for
/// anything else: another encoding, an open quote, a row of another length, a header name that is empty or stands
/// twice.
CsvTable read_csv(const std::filesystem::path& file);
/// The same of a file's text; `name` leads sentences about it.
CsvTable parse_csv(std::string text, const std::string& name);

}  // namespace mtl
