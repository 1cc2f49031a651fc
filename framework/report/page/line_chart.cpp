#include "framework/report/page/line_chart.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/axis.h"
#include "framework/report/page/html_text.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/svg.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

constexpr double left = 58, right = 14, top = 12, bottom = 42, height = 270;

size_t epochs_of(const LineChart& chart) {
  size_t epochs = 0;
  for (const LineSeries& series : chart.series) epochs = std::max(epochs, series.values.size());
  return epochs;
}

std::string value_text(const LineChart& chart, double value) {
  return chart.is_share ? share_text(value) : general_text(value);
}

class Plot {
 public:
  explicit Plot(const LineChart& chart) : chart_(chart), epochs_(epochs_of(chart)) {
    std::vector<double> all;
    for (const LineSeries& series : chart.series)
      for (double value : series.values) all.push_back(shown(value));
    if (chart.with_zero) all.push_back(0);
    axis_ = axis_over(all);
  }

  std::string drawn() const {
    std::string content = axes();
    for (const LineSeries& series : chart_.series) content += line(series);
    return svg::picture(chart_.id, chart_.title, chart_in_words(chart_), height, content);
  }

 private:
  double shown(double value) const { return chart_.is_share ? 100 * value : value; }
  double x_of(size_t index) const {
    const double share = epochs_ > 1 ? static_cast<double>(index) / static_cast<double>(epochs_ - 1) : 0.5;
    return left + (svg::width - left - right) * share;
  }
  double y_of(double value) const { return top + (height - top - bottom) * (1 - axis_.at(shown(value))); }

  std::string axes() const {
    std::string content;
    for (double tick : axis_.ticks()) {
      const double y = top + (height - top - bottom) * (1 - axis_.at(tick));
      const bool is_base = chart_.with_zero ? tick == 0 : tick == axis_.low;
      content += svg::line(left, y, svg::width - right, y, is_base ? "base" : "grid");
      content += svg::text(left - 8, y + 4.5, svg::Anchor::end, axis_.label(tick) + (chart_.is_share ? " %" : ""));
    }
    for (int epoch : epoch_ticks(static_cast<int>(epochs_)))
      content += svg::text(x_of(static_cast<size_t>(epoch - 1)), height - bottom + 19, svg::Anchor::middle,
                           std::to_string(epoch));
    return content + svg::text((left + svg::width - right) / 2, height - 5, svg::Anchor::middle, "epoch") + "\n";
  }

  std::string line(const LineSeries& series) const {
    std::string path, marks;
    const size_t marks_apart = std::max<size_t>(1, (epochs_ + 7) / 8);
    bool is_drawing = false;
    for (size_t i = 0; i < series.values.size(); ++i) {
      const bool is_known = std::isfinite(series.values[i]);
      const bool is_last = i + 1 == series.values.size() || !std::isfinite(series.values[i + 1]);
      if (is_known) {
        const double x = x_of(i), y = y_of(series.values[i]);
        path += (is_drawing ? "L" : "M") + svg::number(x) + " " + svg::number(y);
        // Each series has its marks at other epochs, so that lines on top of each other still show both.
        if (i % marks_apart == series.look % marks_apart || (is_last && !is_drawing))
          marks += svg::mark(x, y, series.look);
      }
      is_drawing = is_known;
    }
    if (path.empty()) return "";
    return "<path class=\"line " + svg::look_classes(series.look, series.dash) + "\" d=\"" + path + "\"/>" + marks +
           "\n";
  }

  const LineChart& chart_;
  size_t epochs_;
  Axis axis_;
};

std::string legend(const LineChart& chart) {
  std::string html = "<ul class=\"legend\">";
  for (const LineSeries& series : chart.series)
    html += "<li><svg aria-hidden=\"true\" width=\"34\" height=\"12\" viewBox=\"0 0 34 12\"><path class=\"line " +
            svg::look_classes(series.look, series.dash) + "\" d=\"M0 6H34\"/>" + svg::mark(17, 6, series.look) +
            "</svg>" + html_text(series.name) + "</li>";
  return html + "</ul>";
}

Table numbers(const LineChart& chart) {
  Table table{"", chart.title + ": the numbers", "", {{"epoch", {"epoch"}, true}}, {}};
  for (const LineSeries& series : chart.series) table.columns.push_back({series.name, {series.name}, true});
  for (size_t i = 0; i < epochs_of(chart); ++i) {
    table.rows.push_back({{std::to_string(i + 1), {}}});
    for (const LineSeries& series : chart.series)
      table.rows.back().push_back({value_text(chart, i < series.values.size() ? series.values[i] : no_number), {}});
  }
  return table;
}

}  // namespace

std::string chart_in_words(const LineChart& chart) {
  std::string words;
  for (const LineSeries& series : chart.series) {
    std::vector<size_t> known;
    for (size_t i = 0; i < series.values.size(); ++i)
      if (std::isfinite(series.values[i])) known.push_back(i);
    words += (words.empty() ? "" : " ") + series.name + ": ";
    if (known.empty()) {
      words += "no value.";
      continue;
    }
    const auto by_value = [&](size_t a, size_t b) { return series.values[a] < series.values[b]; };
    const auto at = [&](size_t i) {
      return value_text(chart, series.values[i]) + " in epoch " + std::to_string(i + 1);
    };
    words += at(known.front()) + ", " + at(known.back()) + "; lowest " +
             at(*std::min_element(known.begin(), known.end(), by_value)) + ", highest " +
             at(*std::max_element(known.begin(), known.end(), by_value)) + ".";
  }
  return words;
}

std::string line_chart(const LineChart& chart) {
  std::string html = "<figure class=\"chart\"><figcaption>" + html_text(chart.title) + "</figcaption>";
  if (epochs_of(chart) == 0) return html + "<p class=\"note\">Nothing to draw yet.</p></figure>\n";
  html += legend(chart) + Plot(chart).drawn();
  if (!chart.note.empty()) html += "<p class=\"note\">" + html_text(chart.note) + "</p>";
  return html + folded_table_html("Numbers", numbers(chart)) + "</figure>\n";
}

}  // namespace mtl
