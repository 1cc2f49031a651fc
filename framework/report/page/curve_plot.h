#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace mtl {

/// Both are shares, 0..1.
struct CurvePoint {
  double x, y;
};

struct Curve {
  std::string name;
  std::vector<CurvePoint> points;  ///< in the order of the line; those that are not finite are left out
  size_t look = 0;                 ///< colour and stroke
};

/// A point with its name beside it, e.g. the limit that was chosen.
struct CurveMark {
  std::string name;
  double x, y;  ///< where one is not finite, the mark is left out
};

/// One share against another.
struct CurvePlot {
  std::string id;  ///< unique on the page
  std::string title;
  std::string note;  ///< how to read it; "": none
  std::string x_name, y_name;
  std::vector<Curve> curves;
  std::vector<CurveMark> marks;
  bool diagonal = false;    ///< the line on which both shares are the same is drawn
  bool fit_y = false;       ///< y ends at a round number above the largest, rather than at 100 %
  bool is_stepped = false;  ///< a point's y holds from the x of the point before it on, rather than a straight line
};

/// A square drawing with a legend where there is more than one curve, what it shows in words, and its numbers in a
/// table that opens. A drawn line has at most 500 of its points, all peaks among them, the table about 40 rows.
std::string curve_plot(const CurvePlot& plot);

/// What the drawing shows, for those who cannot see it.
std::string curves_in_words(const CurvePlot& plot);

}  // namespace mtl
