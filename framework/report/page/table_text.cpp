#include "framework/report/page/table_text.h"

#include "framework/report/page/number_text.h"
#include "framework/support/csv_text.h"

namespace mtl {

/// Foreign text stays text: no cell ends early, no tag or link begins.
std::string markdown_text(const std::string& text) {
  constexpr std::string_view special = "\\|`*_[]<>&#~";
  std::string out;
  for (char c : text) {
    if (special.find(c) != std::string_view::npos) out += '\\';
    if (c == '\n')
      out += "<br>";
    else
      out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
  }
  return out;
}

std::string table_markdown(const Table& table) {
  std::string text = "**" + markdown_text(table.caption) + "**\n\n|", rule = "|";
  for (const Column& column : table.columns) {
    if (column.keys.empty()) continue;
    text += " " + markdown_text(column.heading) + " |";
    rule += column.is_number ? " ---: |" : " --- |";
  }
  text += "\n" + rule + "\n";
  for (const std::vector<Cell>& row : table.rows) {
    text += "|";
    for (size_t c = 0; c < row.size(); ++c)
      if (!table.columns[c].keys.empty()) text += " " + markdown_text(row[c].text) + " |";
    text += "\n";
  }
  return text + (table.note.empty() ? "" : "\n" + markdown_text(table.note) + "\n");
}

std::string table_csv(const Table& table) {
  std::vector<std::string> header;
  for (const Column& column : table.columns) header.insert(header.end(), column.keys.begin(), column.keys.end());
  std::string text = csv_record(header);
  for (const std::vector<Cell>& row : table.rows) {
    std::vector<std::string> record;
    for (size_t c = 0; c < row.size(); ++c) {
      const size_t keys = table.columns[c].keys.size();
      if (keys == 1 && row[c].numbers.empty()) {
        record.push_back(row[c].record.empty() ? row[c].text : row[c].record);
        continue;
      }
      for (size_t k = 0; k < keys; ++k)
        record.push_back(k < row[c].numbers.size() ? exact_text(row[c].numbers[k]) : "");
    }
    text += csv_record(record);
  }
  return text;
}

}  // namespace mtl
