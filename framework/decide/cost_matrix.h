#pragma once

#include <string>
#include <vector>

#include "framework/decide/decisions.h"

namespace mtl {

/// A CSV file of costs as its cells.
struct CostCells {
  std::string file;  ///< leads errors
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;  ///< each as long as the header
  std::vector<size_t> lines;                   ///< where each row begins, from 1
};

/// The header is `truth`, then a class per column in any order, optionally `look` last; each class has a row, in any
/// order, with what it costs to take it for the column's class, or to have a person look. A class that is itself called
/// `look` is the last column's only where all classes have theirs before it. Throws mtl::Error with the line for an
/// unknown class, one that is missing or named twice, and a cell that is no finite number of 0 or more.
CostMatrix cost_matrix(const CostCells& cells, const ClassList& classes);

}  // namespace mtl
