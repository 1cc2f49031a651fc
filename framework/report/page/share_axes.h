#pragma once

#include <string>

#include "framework/report/page/axis.h"

namespace mtl {

/// The square in which a share is drawn against another: x from 0 to 100 %, y from 0 to 100 % or to what is given.
struct ShareAxes {
  std::string x_name, y_name;
  bool diagonal = false;  ///< the line on which both shares are the same
  Axis y = {0, 100, 20};  ///< in per cent, from 0

  static const double height;  ///< of the whole drawing, with room for labels

  double x_of(double share) const;
  double y_of(double share) const;
  /// Grid, ticks and names. SVG.
  std::string drawn() const;
};

/// y from 0 to a round number that is not below the largest share; to 100 % where all are 0.
Axis share_axis_to(double largest);

}  // namespace mtl
