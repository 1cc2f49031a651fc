#include <doctest/doctest.h>

#include <limits>

#include "framework/report/page/axis.h"
#include "framework/report/page/interval_plot.h"
#include "framework/report/page/line_chart.h"
#include "framework/report/page/svg.h"
#include "tests/support/contains.h"

using namespace mtl;
using test::contains;

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

size_t count(const std::string& text, const std::string& part) {
  size_t found = 0;
  for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
  return found;
}

LineChart chart_of(std::vector<double> values) {
  return {"c", "A <title>", "", true, false, {{"A <b>", std::move(values), 0, 0}}};
}

/// The path of the line in the drawing, which follows the one in the legend.
std::string path_of(const std::string& html) {
  const size_t drawing = html.find("role=\"img\""), at = html.find("d=\"M", html.find("class=\"line", drawing)) + 3;
  return html.substr(at, html.find('"', at) - at);
}

}  // namespace

TEST_CASE("ticks are round and enclose the values") {
  const Axis axis = axis_over({0.31, 0.94, not_a_number});
  CHECK(axis.low == doctest::Approx(0.2));
  CHECK(axis.high == doctest::Approx(1.0));
  CHECK(axis.ticks().size() == 5);
  CHECK(axis.label(axis.ticks()[1]) == "0.4");
  CHECK(axis_over({}).ticks().size() > 1);
  const Axis flat = axis_over({0.5, 0.5});
  CHECK(flat.low < 0.5);
  CHECK(flat.high > 0.5);
  CHECK(axis_over({1e-5, 2e-5}).label(2e-5) == "2e-05");
  CHECK(epoch_ticks(1) == std::vector<int>{1});
  CHECK(epoch_ticks(20) == std::vector<int>{1, 5, 10, 15, 20});
}

TEST_CASE("a line chart says in words what it shows, and has its numbers as a table") {
  const std::string html = line_chart(chart_of({0.25, 0.75, 0.5}));
  CHECK(contains(html, "role=\"img\" aria-labelledby=\"c-t c-d\""));
  CHECK(contains(html, "<title id=\"c-t\">A &lt;title&gt;</title>"));
  CHECK(
      contains(html, "25.00 % in epoch 1, 50.00 % in epoch 3; lowest 25.00 % in epoch 1, highest 75.00 % in epoch 2."));
  CHECK(contains(html, "<td class=\"n\"><span>75.00 %</span></td>"));
  CHECK_FALSE(contains(html, "<b>"));
  CHECK_FALSE(contains(html, "nan"));
}

TEST_CASE("NaN leaves a gap, and a value between two gaps still shows") {
  CHECK(count(path_of(line_chart(chart_of({0.1, 0.2, 0.3}))), "M") == 1);
  const std::string gap = line_chart(chart_of({0.1, not_a_number, 0.3, not_a_number, 0.2, 0.1}));
  CHECK(count(path_of(gap), "M") == 3);
  CHECK(count(path_of(gap), "L") == 1);
  CHECK_FALSE(contains(gap, "nan"));
}

TEST_CASE("a chart of one epoch, of nothing known and of nothing at all") {
  CHECK(contains(line_chart(chart_of({0.5})), "50.00 % in epoch 1"));
  CHECK(contains(line_chart(chart_of({not_a_number})), "A &lt;b&gt;: no value."));
  CHECK(contains(line_chart(chart_of({})), "Nothing to draw yet"));
  CHECK(contains(line_chart({"c", "t", "", false, false, {}}), "Nothing to draw yet"));
}

TEST_CASE("series are told apart by more than colour") {
  CHECK(svg::mark(0, 0, 0) != svg::mark(0, 0, 8));
  CHECK(svg::look_classes(1, 1) == "c1 d1");
}

TEST_CASE("an interval plot fills the mark where the interval excludes 0") {
  const IntervalPlot plot{"i",
                          "Differences",
                          "",
                          "worse",
                          "better",
                          {{"ab <i>", 0.012, 0.002, 0.022, Tone::good},
                           {"ac", -0.002, -0.01, 0.006},
                           {"ad", 0.01, not_a_number, not_a_number},
                           {"ae", not_a_number, not_a_number, not_a_number}}};
  const std::string html = interval_plot(plot);
  CHECK(count(html, "class=\"dot good\"") == 1);
  CHECK(count(html, "class=\"dot hollow\"") == 2);
  CHECK_FALSE(contains(html, "<i>"));
  CHECK_FALSE(contains(html, "nan"));
  CHECK(intervals_in_words(plot) ==
        "ab <i>: +1.20 percentage points, 95 % interval +0.20 to +2.20, which excludes 0. "
        "ac: −0.20 percentage points, 95 % interval −1.00 to +0.60, which includes 0. "
        "ad: +1.00 percentage points, no interval. ae: no value.");
  CHECK(contains(interval_plot({"i", "t", "", "", "", {}}), "Nothing to compare yet"));
}

TEST_CASE("a long name is cut between characters") {
  CHECK(svg::shortened("äöü", 3) == "äöü");
  CHECK(svg::shortened("äöüß", 3) == "äö…");
}
