#pragma once

#include <string>

#include "framework/report/page/table.h"

namespace mtl {

/// The table in a region of its own that scrolls sideways, by keyboard too: the page itself never does.
std::string table_html(const Table& table);

/// The same behind a summary that opens it, for what few will want to see.
std::string folded_table_html(const std::string& summary, const Table& table);

}  // namespace mtl
