#pragma once

#include <limits>
#include <string>
#include <vector>

/// A table of results, told once: as HTML, as Markdown and as CSV (table_html.h, table_text.h).
namespace mtl {

enum class Tone { plain, good, bad, quiet };

struct Cell {
  std::string text;             ///< as people read it, not escaped; lines after the first are its details
  std::vector<double> numbers;  ///< for CSV, one per key of the column, NaN for none; none at all: the text is written
  std::string record = {};      ///< for CSV in place of the text; "": the text
  Tone tone = Tone::plain;      ///< said by the text already: colour alone says nothing
  double heat = 0;              ///< -1..1: how strongly the cell is coloured, for good (above 0) or bad; NaN as 0
  std::string link = {};        ///< a relative path that the text leads to on the page; "": none
};

struct Column {
  std::string heading;
  std::vector<std::string> keys;  ///< of its columns in CSV; none: the page shows it, the files do not
  bool is_number = false;         ///< set to the right, in digits of one width
};

struct Table {
  std::string id;  ///< "table1": of its file, and in links on the page
  std::string caption;
  std::string note;             ///< how to read it; "": none
  std::vector<Column> columns;  ///< the first names the rows
  std::vector<std::vector<Cell>> rows;
  bool is_matrix = false;  ///< classes by classes: narrow columns under upright names
};

/// A cell with one number and its text.
inline Cell number_cell(std::string text, double number) { return {std::move(text), {number}}; }

inline constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

}  // namespace mtl
