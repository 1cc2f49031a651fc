#include "framework/decide/cost_matrix.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "mtl/error.h"
#include "mtl/text.h"

namespace mtl {
namespace {

/// Reads the matrix; every complaint names file and line.
class Reader {
 public:
  Reader(const CostCells& cells, const ClassList& classes) : cells_(cells), names_(classes.names) {}

  CostMatrix read() const {
    const size_t count = names_.size();
    const std::vector<size_t> answers = answers_of_columns();
    const bool has_look = cells_.header.size() == count + 2;
    CostMatrix matrix{std::vector<std::vector<double>>(count, std::vector<double>(count)),
                      std::vector<double>(has_look ? count : 0)};
    std::vector<bool> is_there(count, false);
    for (size_t row = 0; row < cells_.rows.size(); ++row) {
      const std::vector<std::string>& cells = cells_.rows[row];
      const size_t line = cells_.lines[row], truth = class_named(cells[0], line);
      if (is_there[truth]) fail(line, "class " + in_quotes(cells[0]) + " has a row already; keep one");
      is_there[truth] = true;
      for (size_t c = 0; c < count; ++c) matrix.costs[truth][answers[c]] = cost_in(row, c + 1);
      if (has_look) matrix.look[truth] = cost_in(row, count + 1);
    }
    require_all(is_there, "row", cells_.lines.empty() ? 1 : cells_.lines.back());
    return matrix;
  }

 private:
  [[noreturn]] void fail(size_t line, const std::string& what) const {
    throw Error(cells_.file + ":" + std::to_string(line) + ": " + what);
  }

  size_t class_named(const std::string& name, size_t line) const {
    const auto found = std::find(names_.begin(), names_.end(), name);
    if (found == names_.end())
      fail(line, in_quotes(name) + " is no class of the task" + did_you_mean(name, names_) + "; its classes are " +
                     quoted_list(names_));
    return static_cast<size_t>(found - names_.begin());
  }

  void require_all(const std::vector<bool>& is_there, const char* what, size_t line) const {
    std::vector<std::string> missing;
    for (size_t k = 0; k < names_.size(); ++k)
      if (!is_there[k]) missing.push_back(names_[k]);
    if (!missing.empty())
      fail(line, "there is no " + std::string(what) + " for class " + quoted_list(missing) + "; add one for each");
  }

  /// Of each column after `truth` the class, without that of `look`.
  std::vector<size_t> answers_of_columns() const {
    const std::vector<std::string>& header = cells_.header;
    if (header.empty() || header[0] != "truth")
      fail(1, "the first column is " + in_quotes(header.empty() ? "" : header[0]) +
                  "; 'truth' is expected, then a column for each class and, where people look, 'look'");
    const bool is_look_a_class = std::count(names_.begin(), names_.end(), "look") > 0;
    const bool has_look = header.back() == "look" && (!is_look_a_class || header.size() == names_.size() + 2);
    std::vector<size_t> answers;
    std::vector<bool> is_there(names_.size(), false);
    for (size_t c = 1; c < header.size() - (has_look ? 1 : 0); ++c) {
      const size_t answer = class_named(header[c], 1);
      if (is_there[answer]) fail(1, "two columns are called " + in_quotes(header[c]) + "; keep one");
      is_there[answer] = true;
      answers.push_back(answer);
    }
    require_all(is_there, "column", 1);
    return answers;
  }

  double cost_in(size_t row, size_t column) const {
    const std::string& cell = cells_.rows[row][column];
    double cost = 0;
    const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), cost);
    const bool is_number = error == std::errc() && end == cell.data() + cell.size() && std::isfinite(cost);
    if (!is_number || cost < 0)
      fail(cells_.lines[row], "the cost of class " + in_quotes(cells_.rows[row][0]) + " in column " +
                                  in_quotes(cells_.header[column]) + " is " + in_quotes(cell) +
                                  "; a number of 0 or more is expected");
    return cost;
  }

  const CostCells& cells_;
  const std::vector<std::string>& names_;
};

}  // namespace

CostMatrix cost_matrix(const CostCells& cells, const ClassList& classes) { return Reader(cells, classes).read(); }

}  // namespace mtl
