#pragma once

#include <string>

#include "framework/report/page/table.h"

namespace mtl {

/// Text with what Markdown would take for its own escaped.
std::string markdown_text(const std::string& text);

/// The table in Markdown: the caption in bold, the rows as a pipe table, the note. Columns without keys are left out.
std::string table_markdown(const Table& table);

/// The table as CSV: its keys as header, numbers as they read back the same (shares 0..1), NaN as an empty cell.
std::string table_csv(const Table& table);

}  // namespace mtl
