#include "framework/report/page/curve_plot.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/html_text.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/share_axes.h"
#include "framework/report/page/svg.h"
#include "framework/report/page/table_html.h"
#include "framework/report/thinning.h"

namespace mtl {
namespace {

constexpr size_t most_points = 500, most_rows = 40;

template <class Point>
bool is_known(const Point& point) {
  return std::isfinite(point.x) && std::isfinite(point.y);
}

/// The plot without what cannot be drawn.
CurvePlot known_part(CurvePlot plot) {
  for (Curve& curve : plot.curves)
    std::erase_if(curve.points, [](const CurvePoint& point) { return !is_known(point); });
  std::erase_if(plot.marks, [](const CurveMark& mark) { return !is_known(mark); });
  return plot;
}

bool is_empty(const CurvePlot& plot) {
  return plot.marks.empty() &&
         std::all_of(plot.curves.begin(), plot.curves.end(), [](const Curve& curve) { return curve.points.empty(); });
}

double largest_y(const CurvePlot& plot) {
  double largest = 0;
  for (const Curve& curve : plot.curves)
    for (const CurvePoint& point : curve.points) largest = std::max(largest, point.y);
  for (const CurveMark& mark : plot.marks) largest = std::max(largest, mark.y);
  return largest;
}

std::string line(const Curve& curve, const ShareAxes& axes, bool is_stepped) {
  std::vector<double> heights;
  for (const CurvePoint& point : curve.points) heights.push_back(point.y);
  std::string path;
  for (const size_t i : indexes_with_extremes(heights, most_points)) {
    const std::string x = svg::number(axes.x_of(curve.points[i].x)), y = svg::number(axes.y_of(curve.points[i].y));
    if (path.empty())
      path = "M" + x + " " + y;
    else
      path += is_stepped ? "V" + y + "H" + x : "L" + x + " " + y;
  }
  if (path.empty()) return "";
  return "<path class=\"line " + svg::look_classes(curve.look, curve.look) + "\" d=\"" + path + "\"/>\n";
}

/// Its name stands towards the middle of the drawing.
std::string mark(const CurveMark& mark, const ShareAxes& axes) {
  const double x = axes.x_of(mark.x), y = axes.y_of(mark.y);
  const bool is_left = mark.x < 0.5, is_high = y < ShareAxes::height / 2;
  return "<circle class=\"dot\" cx=\"" + svg::number(x) + "\" cy=\"" + svg::number(y) + "\" r=\"5\"/>" +
         svg::text(x + (is_left ? 9 : -9), y + (is_high ? 17 : -9), is_left ? svg::Anchor::start : svg::Anchor::end,
                   svg::shortened(mark.name, 30), "label halo");
}

std::string legend(const CurvePlot& plot) {
  if (plot.curves.size() < 2) return "";
  std::string html = "<ul class=\"legend\">";
  for (const Curve& curve : plot.curves)
    html += "<li><svg aria-hidden=\"true\" width=\"34\" height=\"12\" viewBox=\"0 0 34 12\"><path class=\"line " +
            svg::look_classes(curve.look, curve.look) + "\" d=\"M0 6H34\"/></svg>" + html_text(curve.name) + "</li>";
  return html + "</ul>";
}

Table numbers(const CurvePlot& plot) {
  Table table{"",
              plot.title + ": the numbers",
              "",
              {{"curve or point", {"name"}}, {plot.x_name, {plot.x_name}, true}, {plot.y_name, {plot.y_name}, true}},
              {}};
  const auto add = [&](const std::string& name, double x, double y) {
    table.rows.push_back({{name, {}}, {share_text(x), {}}, {share_text(y), {}}});
  };
  for (const CurveMark& mark : plot.marks) add(mark.name, mark.x, mark.y);
  const size_t rows_each = std::max<size_t>(2, most_rows / std::max<size_t>(1, plot.curves.size()));
  for (const Curve& curve : plot.curves)
    for (const size_t i : even_indexes(curve.points.size(), rows_each))
      add(curve.name, curve.points[i].x, curve.points[i].y);
  return table;
}

}  // namespace

std::string curves_in_words(const CurvePlot& plot) {
  const auto at = [&](const auto& point) {
    return share_text(point.y) + " " + plot.y_name + " at " + share_text(point.x) + " " + plot.x_name;
  };
  const auto is_lower = [](const CurvePoint& a, const CurvePoint& b) { return a.y < b.y; };
  std::string words;
  const CurvePlot known = known_part(plot);
  for (const Curve& curve : known.curves) {
    words += (words.empty() ? "" : " ") + curve.name + ": ";
    if (curve.points.empty()) {
      words += "no value.";
      continue;
    }
    words += "from " + at(curve.points.front()) + " to " + at(curve.points.back()) + "; lowest " +
             at(*std::min_element(curve.points.begin(), curve.points.end(), is_lower)) + ", highest " +
             at(*std::max_element(curve.points.begin(), curve.points.end(), is_lower)) + ".";
  }
  for (const CurveMark& mark : known.marks) words += (words.empty() ? "" : " ") + mark.name + ": " + at(mark) + ".";
  return words;
}

std::string curve_plot(const CurvePlot& plot) {
  const CurvePlot known = known_part(plot);
  std::string html = "<figure class=\"chart square\"><figcaption>" + html_text(plot.title) + "</figcaption>";
  if (is_empty(known)) return html + "<p class=\"note\">Nothing to draw yet.</p></figure>\n";
  ShareAxes axes{plot.x_name, plot.y_name, plot.diagonal};
  if (plot.fit_y) axes.y = share_axis_to(largest_y(known));
  std::string content = axes.drawn();
  for (const Curve& curve : known.curves) content += line(curve, axes, plot.is_stepped);
  for (const CurveMark& one : known.marks) content += mark(one, axes);
  html += legend(plot) + svg::picture(plot.id, plot.title, curves_in_words(plot), ShareAxes::height, content);
  if (!plot.note.empty()) html += "<p class=\"note\">" + html_text(plot.note) + "</p>";
  return html + folded_table_html("Numbers", numbers(known)) + "</figure>\n";
}

}  // namespace mtl
