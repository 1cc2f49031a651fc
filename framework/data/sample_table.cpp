#include "framework/data/sample_table.h"

#include <algorithm>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {

const char* name_of(Split split) {
  switch (split) {
    case Split::train:
      return "train";
    case Split::validation:
      return "validation";
    case Split::test:
      return "test";
    case Split::left_out:
      return "left out";
  }
  return "no";
}

size_t SampleTable::column(const std::string& name) const {
  const auto found = std::find(columns.begin(), columns.end(), name);
  if (found == columns.end())
    throw Error(source + " has no label column " + in_quotes(name) + did_you_mean(name, columns) + "; it has " +
                quoted_list(columns));
  return static_cast<size_t>(found - columns.begin());
}

std::vector<size_t> SampleTable::rows_of(Split split) const {
  std::vector<size_t> rows;
  for (size_t row = 0; row < size(); ++row)
    if (splits[row] == split) rows.push_back(row);
  return rows;
}

std::string SampleTable::where(size_t row) const {
  return lines[row] == 0 ? source + ", image " + images[row] : source + ":" + std::to_string(lines[row]);
}

std::string counts_text(const SampleTable& table) {
  std::vector<std::string> parts;
  for (Split split : {Split::train, Split::validation, Split::test})
    parts.push_back(std::to_string(table.rows_of(split).size()) + " " + name_of(split));
  if (const size_t count = table.rows_of(Split::left_out).size(); count > 0)
    parts.push_back(std::to_string(count) + " " + name_of(Split::left_out));
  return std::to_string(table.size()) + " images from " + table.source + ": " + join(parts, ", ");
}

}  // namespace mtl
