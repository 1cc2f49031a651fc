#include "framework/report/page/interval_plot.h"

#include <cmath>

#include "framework/report/page/axis.h"
#include "framework/report/page/html_text.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/svg.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

constexpr double margin = 18, top = 24, row_height = 48, bottom = 30;

bool has_interval(const IntervalRow& row) { return std::isfinite(row.low) && std::isfinite(row.high); }
bool excludes_zero(const IntervalRow& row) { return has_interval(row) && (row.low > 0 || row.high < 0); }

std::string row_text(const IntervalRow& row) {
  return points_text(row.value) + (has_interval(row) ? " " + points_interval_text(row.low, row.high) : "");
}

std::string row_drawn(const IntervalRow& row, double y, const Axis& axis) {
  const auto x_of = [&](double value) { return margin + (svg::width - 2 * margin) * axis.at(100 * value); };
  std::string content = svg::line(margin, y, svg::width - margin, y, "grid") +
                        svg::text(margin, y + 19, svg::Anchor::start, svg::shortened(row.label, 24), "label") +
                        svg::text(svg::width - margin, y + 19, svg::Anchor::end, row_text(row), "value");
  const std::string tone = row.tone == Tone::good ? " good" : row.tone == Tone::bad ? " bad" : "";
  const double middle = y + 31;
  if (has_interval(row)) {
    const double low = x_of(row.low), high = x_of(row.high);
    content += svg::line(low, middle, high, middle, "whisker" + tone) +
               svg::line(low, middle - 4, low, middle + 4, "whisker" + tone) +
               svg::line(high, middle - 4, high, middle + 4, "whisker" + tone);
  }
  if (std::isfinite(row.value))
    content += "<circle class=\"" + std::string(excludes_zero(row) ? "dot" : "dot hollow") + tone + "\" cx=\"" +
               svg::number(x_of(row.value)) + "\" cy=\"" + svg::number(middle) + "\" r=\"5\"/>";
  return content + "\n";
}

std::string drawn(const IntervalPlot& plot) {
  std::vector<double> ends{0};
  for (const IntervalRow& row : plot.rows)
    for (double value : {row.value, row.low, row.high}) ends.push_back(100 * value);
  const Axis axis = axis_over(ends, 6);
  const double base = top + row_height * static_cast<double>(plot.rows.size()), height = base + bottom;
  const auto x_of = [&](double tick) { return margin + (svg::width - 2 * margin) * axis.at(tick); };
  std::string content;
  for (double tick : axis.ticks()) {
    content += svg::line(x_of(tick), top, x_of(tick), base + 4, tick == 0 ? "base" : "grid");
    content += svg::text(x_of(tick), base + 20, svg::Anchor::middle, (tick > 0 ? "+" : "") + axis.label(tick));
  }
  const double zero = x_of(0);
  if (zero > margin + 90) content += svg::text(zero - 8, 14, svg::Anchor::end, "◀ " + plot.left);
  if (zero < svg::width - margin - 90) content += svg::text(zero + 8, 14, svg::Anchor::start, plot.right + " ▶");
  for (size_t i = 0; i < plot.rows.size(); ++i)
    content += row_drawn(plot.rows[i], top + row_height * static_cast<double>(i), axis);
  return svg::picture(plot.id, plot.title, intervals_in_words(plot), height, content);
}

Table numbers(const IntervalPlot& plot) {
  Table table{"",
              plot.title + ": the numbers",
              "",
              {{"", {"label"}}, {"difference in points", {"value"}, true}, {"95 % interval", {"low", "high"}, true}},
              {}};
  for (const IntervalRow& row : plot.rows)
    table.rows.push_back(
        {{row.label, {}}, {points_text(row.value), {}}, {points_interval_text(row.low, row.high), {}}});
  return table;
}

}  // namespace

std::string intervals_in_words(const IntervalPlot& plot) {
  std::string words;
  for (const IntervalRow& row : plot.rows) {
    words += (words.empty() ? "" : " ") + row.label + ": ";
    if (!std::isfinite(row.value)) {
      words += "no value.";
      continue;
    }
    words += points_text(row.value) + " percentage points";
    words += has_interval(row) ? ", 95 % interval " + points_text(row.low) + " to " + points_text(row.high) +
                                     (excludes_zero(row) ? ", which excludes 0." : ", which includes 0.")
                               : ", no interval.";
  }
  return words;
}

std::string interval_plot(const IntervalPlot& plot) {
  std::string html = "<figure class=\"chart intervals\"><figcaption>" + html_text(plot.title) + "</figcaption>";
  if (plot.rows.empty()) return html + "<p class=\"note\">Nothing to compare yet.</p></figure>\n";
  html += drawn(plot);
  if (!plot.note.empty()) html += "<p class=\"note\">" + html_text(plot.note) + "</p>";
  return html + folded_table_html("Numbers", numbers(plot)) + "</figure>\n";
}

}  // namespace mtl
