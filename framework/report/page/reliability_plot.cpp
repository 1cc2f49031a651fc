#include "framework/report/page/reliability_plot.h"

#include <algorithm>
#include <cmath>

#include "framework/report/page/html_text.h"
#include "framework/report/page/number_text.h"
#include "framework/report/page/share_axes.h"
#include "framework/report/page/svg.h"
#include "framework/report/page/table_html.h"

namespace mtl {
namespace {

constexpr double largest = 11;

std::string mark(const CalibrationBin& bin, int64_t most, const ShareAxes& axes) {
  const double radius = largest * std::sqrt(static_cast<double>(bin.images) / static_cast<double>(most));
  return "<circle class=\"dot\" cx=\"" + svg::number(axes.x_of(bin.probability)) + "\" cy=\"" +
         svg::number(axes.y_of(bin.accuracy)) + "\" r=\"" + svg::number(std::max(2.0, radius)) + "\"/>";
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
  const ShareAxes axes{"stated probability", "right answers", true};
  std::string content = axes.drawn();
  for (const CalibrationBin& bin : calibration.bins)
    if (bin.images > 0) content += mark(bin, most, axes);
  return "<figure class=\"chart square\"><figcaption>" + html_text(title) + "</figcaption>" +
         svg::picture(id, title, in_words(calibration), ShareAxes::height, content) +
         "<p class=\"note\">Expected calibration error " + share_text(calibration.expected_error) +
         ". On the diagonal probabilities can be believed; below it they promise too much. The larger a mark, the more "
         "images.</p>" +
         folded_table_html("Numbers", numbers(title, calibration)) + "</figure>\n";
}

}  // namespace mtl
