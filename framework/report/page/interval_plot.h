#pragma once

#include <string>
#include <vector>

#include "framework/report/page/table.h"

namespace mtl {

/// A difference of shares (0.01 is one percentage point) with its 95 % interval; NaN where there is none.
struct IntervalRow {
  std::string label;
  double value, low, high;
  Tone tone = Tone::plain;
};

struct IntervalPlot {
  std::string id;  ///< unique on the page
  std::string title;
  std::string note;         ///< how to read it; "": none
  std::string left, right;  ///< what lies on either side of 0: "worse than a", "better than a"
  std::vector<IntervalRow> rows;
};

/// A row per difference about a line of 0, in percentage points: a filled mark where the interval excludes 0.
std::string interval_plot(const IntervalPlot& plot);

/// What the drawing shows, for those who cannot see it.
std::string intervals_in_words(const IntervalPlot& plot);

}  // namespace mtl
