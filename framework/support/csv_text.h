#pragma once

#include <string>
#include <vector>

namespace mtl {

/// One CSV record (RFC 4180) with its line end: a cell with a comma, a quote or a line break is quoted.
std::string csv_record(const std::vector<std::string>& cells);

}  // namespace mtl
