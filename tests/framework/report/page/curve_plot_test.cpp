#include "framework/report/page/curve_plot.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <limits>

#include "framework/report/page/share_axes.h"
#include "tests/support/contains.h"

using namespace mtl;
using test::contains;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

CurvePlot plot_of(std::vector<CurvePoint> points) {
  return {"c", "A <title>", "", "overkill", "escapes", {{"A <b>", std::move(points)}}, {}};
}

/// What draws the first curve; a plot of one curve has no legend.
std::string path_of(const std::string& html) {
  const size_t at = html.find("d=\"M", html.find("class=\"line")) + 3;
  return html.substr(at, html.find('"', at) - at);
}

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

}  // namespace

TEST_CASE("a curve plot says in words what it shows, has its numbers as a table, and foreign text is text") {
  CurvePlot plot = plot_of({{0, 0.5}, {0.25, 0.1}, {1, 0.2}});
  plot.marks = {{"the <limit>", 0.25, 0.125}, {"nowhere", not_a_number, 0.5}};
  CHECK(curves_in_words(plot) ==
        "A <b>: from 50.00 % escapes at 0.00 % overkill to 20.00 % escapes at 100.00 % overkill; lowest 10.00 % "
        "escapes at 25.00 % overkill, highest 50.00 % escapes at 0.00 % overkill. "
        "the <limit>: 12.50 % escapes at 25.00 % overkill.");
  const std::string html = curve_plot(plot);
  CHECK(contains(html, "<title id=\"c-t\">A &lt;title&gt;</title>"));
  CHECK(contains(html,
                 "<th scope=\"row\"><span>the &lt;limit&gt;</span></th><td class=\"n\"><span>25.00 %</span></td>"
                 "<td class=\"n\"><span>12.50 %</span></td>"));
  CHECK(count(html, "class=\"dot\"") == 1);
  CHECK_FALSE(contains(html, "class=\"legend\""));
  for (const char* part : {"<b>", "nan", "nowhere"}) CHECK_FALSE_MESSAGE(contains(html, part), part);
}

TEST_CASE("points stand where their shares are") {
  const ShareAxes axes{"x", "y"};
  CHECK(axes.x_of(1) - axes.x_of(0) == axes.y_of(0) - axes.y_of(1));  // a square
  const std::string html = curve_plot(plot_of({{0, 0}, {0.5, 0.25}, {1, 1}}));
  CHECK(path_of(html) == "M58 350L218 270L378 30");
  CHECK(contains(html, ">100 %</text>"));
}

TEST_CASE("in a stepped curve a point's value holds from the point before it on") {
  CurvePlot plot = plot_of({{0, 1}, {0.5, 0.5}, {1, 0.25}});
  plot.is_stepped = true;
  CHECK(path_of(curve_plot(plot)) == "M58 30V190H218V270H378");
}

TEST_CASE("y ends above the largest share where it is to fit, and at 100 % where all are 0") {
  CurvePlot plot = plot_of({{0, 0.018}, {1, 0}});
  plot.fit_y = true;
  CHECK(contains(curve_plot(plot), ">2.0 %</text>"));
  plot.marks = {{"limit", 0.5, 0.03}};
  CHECK(contains(curve_plot(plot), ">3 %</text>"));
  CHECK(share_axis_to(0).high == 100);
  CHECK(share_axis_to(0.018).high == doctest::Approx(2));
  CHECK(share_axis_to(1).high == 100);
}

TEST_CASE("the line on which both shares are the same ends where the drawing does") {
  CurvePlot plot = plot_of({{0, 0.5}, {1, 0}});
  const std::string without = curve_plot(plot);
  plot.diagonal = true;
  CHECK_FALSE(contains(without, "x1=\"58\" y1=\"350\" x2=\"378\" y2=\"30\""));
  CHECK(contains(curve_plot(plot), "x1=\"58\" y1=\"350\" x2=\"378\" y2=\"30\""));
  plot.fit_y = true;  // to 50 %
  CHECK(contains(curve_plot(plot), "x1=\"58\" y1=\"350\" x2=\"218\" y2=\"30\""));
}

TEST_CASE("several curves have a legend and are told apart by more than colour") {
  CurvePlot plot = plot_of({{0, 0}, {1, 1}});
  plot.curves.push_back({"B", {{0, 0.5}, {1, 0.5}}, 1});
  const std::string html = curve_plot(plot);
  CHECK(contains(html, "class=\"legend\""));
  CHECK(count(html, "class=\"line c0 d0\"") == 2);  // the line and its legend
  CHECK(count(html, "class=\"line c1 d1\"") == 2);
}

TEST_CASE("of very many points those are drawn that can be seen, every peak among them, and few are listed") {
  std::vector<CurvePoint> points;
  for (int i = 0; i <= 20000; ++i) points.push_back({i / 20000.0, i == 7777 ? 0.9 : 0.1});
  const std::string html = curve_plot(plot_of(points));
  CHECK(count(path_of(html), "L") < 500);
  CHECK(contains(path_of(html), " 62L"));  // 90 %
  CHECK(contains(path_of(html), "L378 318"));
  CHECK(count(html, "<tr>") == 1 + 40);
}

TEST_CASE("points that are no numbers are left out; without any there is nothing to draw") {
  CHECK(path_of(curve_plot(plot_of({{0, 0}, {0.5, not_a_number}, {1, 1}}))) == "M58 350L378 30");
  CHECK(contains(curve_plot(plot_of({{0.5, 0.5}})), "d=\"M218 190\""));
  CHECK(contains(curve_plot(plot_of({{0, not_a_number}})), "Nothing to draw yet"));
  CHECK(contains(curve_plot({"c", "t", "", "x", "y", {}, {}}), "Nothing to draw yet"));
  CHECK(curves_in_words(plot_of({})) == "A <b>: no value.");
}
