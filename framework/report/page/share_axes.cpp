#include "framework/report/page/share_axes.h"

#include <algorithm>

#include "framework/report/page/svg.h"

namespace mtl {
namespace {

constexpr double left = 58, top = 30, side = 320, bottom = 44;
const Axis x_axis{0, 100, 20};

}  // namespace

const double ShareAxes::height = top + side + bottom;

double ShareAxes::x_of(double share) const { return left + side * x_axis.at(100 * share); }
double ShareAxes::y_of(double share) const { return top + side * (1 - y.at(100 * share)); }

std::string ShareAxes::drawn() const {
  std::string content;
  for (const double tick : y.ticks()) {
    const double at = y_of(tick / 100);
    content += svg::line(x_of(0), at, x_of(1), at, tick == 0 ? "base" : "grid");
    content += svg::text(left - 8, at + 4.5, svg::Anchor::end, y.label(tick) + " %");
  }
  for (const double tick : x_axis.ticks()) {
    const double at = x_of(tick / 100);
    content += svg::line(at, y_of(0), at, top, tick == 0 ? "base" : "grid");
    content += svg::text(at, y_of(0) + 19, svg::Anchor::middle, x_axis.label(tick) + " %");
  }
  if (diagonal) {
    const double end = std::min(1.0, y.high / 100);
    content += svg::line(x_of(0), y_of(0), x_of(end), y_of(end), "base");
  }
  return content + svg::text(2, 13, svg::Anchor::start, y_name) +
         svg::text(x_of(0.5), height - 5, svg::Anchor::middle, x_name) + "\n";
}

Axis share_axis_to(double largest) {
  return largest > 0 ? axis_over({0, 100 * std::min(1.0, largest)}) : Axis{0, 100, 20};
}

}  // namespace mtl
