#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mtl {

struct LineSeries {
  std::string name;
  std::vector<double> values;  ///< by epoch, from 1; NaN leaves a gap
  size_t look = 0;             ///< colour and mark
  size_t dash = 0;             ///< 0: a solid line
};

struct LineChart {
  std::string id;  ///< unique on the page
  std::string title;
  std::string note;        ///< how to read it; "": none
  bool is_share = false;   ///< values of 0..1 shown as per cent
  bool with_zero = false;  ///< the line of 0 is part of it, and drawn
  std::vector<LineSeries> series;
};

/// Series over the epochs: a drawing with legend, what it shows in words, and its numbers in a table that opens.
std::string line_chart(const LineChart& chart);

/// What the drawing shows, for those who cannot see it.
std::string chart_in_words(const LineChart& chart);

}  // namespace mtl
