#include "framework/report/page/reliability_plot.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/html_text.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/svg.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

constexpr double left = 48, top = 12, side = 260, bottom = 44, largest = 11;

double x_of(double probability) { return left + side * probability; }
double y_of(double share) { return top + side * (1 - share); }

std::string frame() {
  std::string content;
  for (int tick = 0; tick <= 5; ++tick) {
    const double share = tick / 5.0;
    content += svg::line(x_of(0), y_of(share), x_of(1), y_of(share), tick == 0 ? "base" : "grid");
    content += svg::text(left - 6, y_of(share) + 4, svg::Anchor::end, fixed_text(100 * share, 0) + " %");
    content += svg::text(x_of(share), y_of(0) + 18, svg::Anchor::middle, fixed_text(share, 1));
  }
  return content + svg::line(x_of(0), y_of(0), x_of(1), y_of(1), "base") +
         svg::text(x_of(0.5), y_of(0) + 36, svg::Anchor::middle, "stated probability");
}

std::string mark(const CalibrationBin& bin, int64_t most) {
  const double radius = largest * std::sqrt(static_cast<double>(bin.images) / static_cast<double>(most));
  return "<circle class=\"dot\" cx=\"" + svg::number(x_of(bin.probability)) + "\" cy=\"" +
         svg::number(y_of(bin.accuracy)) + "\" r=\"" + svg::number(std::max(2.0, radius)) + "\"/>";
}

std::string in_words(const Calibration& calibration) {
  std::string words = "Expected calibration error " + share_text(calibration.expected_error) + ".";
  for (const CalibrationBin& bin : calibration.bins)
    if (bin.images > 0)
      words += " Of " + count_text(bin.images, "image") + " stated at " + share_text(bin.probability) + ", " +
               share_text(bin.accuracy) + " are right.";
  return words;
}

Table numbers(const std::string& title, const Calibration& calibration) {
  Table table{"",
              title + ": the numbers",
              "",
              {{"stated probability", {"low", "high"}},
               {"images", {"images"}, true},
               {"its mean", {"probability"}, true},
               {"right", {"accuracy"}, true}},
              {}};
  for (const CalibrationBin& bin : calibration.bins)
    if (bin.images > 0)
      table.rows.push_back({{fixed_text(bin.low, 2) + " to " + fixed_text(bin.high, 2), {}},
                            {std::to_string(bin.images), {}},
                            {share_text(bin.probability), {}},
                            {share_text(bin.accuracy), {}}});
  return table;
}

}  // namespace

std::string reliability_plot(const std::string& id, const std::string& title, const Calibration& calibration) {
  int64_t most = 1;
  for (const CalibrationBin& bin : calibration.bins) most = std::max(most, bin.images);
  std::string content = frame();
  for (const CalibrationBin& bin : calibration.bins)
    if (bin.images > 0) content += mark(bin, most);
  return "<figure class=\"chart\"><figcaption>" + html_text(title) + "</figcaption>" +
         svg::picture(id, title, in_words(calibration), top + side + bottom, content) +
         "<p class=\"note\">Expected calibration error " + share_text(calibration.expected_error) +
         ". On the diagonal probabilities can be believed; below it they promise too much. The larger a mark, the more "
         "images.</p>" +
         folded_table_html("Numbers", numbers(title, calibration)) + "</figure>\n";
}

}  // namespace mtl
