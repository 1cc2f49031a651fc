#include "framework/report/page/svg.h"

#include <array>
#include <cmath>

#include "framework/report/page/html_text.h"
#include "framework/report/page/number_text.h"

namespace mtl::svg {

std::string number(double value) { return exact_text(std::round(100 * value) / 100 + 0.0); }

std::string text(double x, double y, Anchor anchor, const std::string& content, const char* css_class) {
  const char* names[] = {"start", "middle", "end"};
  return "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" text-anchor=\"" + names[static_cast<size_t>(anchor)] +
         "\" class=\"" + css_class + "\">" + html_text(content) + "</text>";
}

std::string line(double x1, double y1, double x2, double y2, const std::string& css_class) {
  return "<line x1=\"" + number(x1) + "\" y1=\"" + number(y1) + "\" x2=\"" + number(x2) + "\" y2=\"" + number(y2) +
         "\" class=\"" + css_class + "\"/>";
}

std::string mark(double x, double y, size_t look) {
  // Paths about (0, 0), 8 units wide.
  static const std::array<const char*, 8> shapes{"M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z",
                                                 "M-3.6 -3.6h7.2v7.2h-7.2z",
                                                 "M0 -4.8L4.6 3.4H-4.6z",
                                                 "M0 -5L5 0L0 5L-5 0z",
                                                 "M0 4.8L4.6 -3.4H-4.6z",
                                                 "M-1.4 -4.6h2.8v3.2h3.2v2.8h-3.2v3.2h-2.8v-3.2h-3.2v-2.8h3.2z",
                                                 "M-4.6 -2h9.2v4h-9.2z",
                                                 "M-2 -4.6h4v9.2h-4z"};
  const size_t shape = (look + look / 8) % shapes.size();
  return "<path class=\"mark c" + std::to_string(look % 8) + "\" transform=\"translate(" + number(x) + " " + number(y) +
         ")\" d=\"" + shapes[shape] + "\"/>";
}

std::string look_classes(size_t look, size_t dash) {
  return "c" + std::to_string(look % 8) + " d" + std::to_string(dash % 6);
}

std::string picture(const std::string& id, const std::string& title, const std::string& description, double height,
                    const std::string& content) {
  return "<svg role=\"img\" aria-labelledby=\"" + id + "-t " + id + "-d\" viewBox=\"0 0 " + number(width) + " " +
         number(height) + "\"><title id=\"" + id + "-t\">" + html_text(title) + "</title><desc id=\"" + id + "-d\">" +
         html_text(description) + "</desc>\n" + content + "</svg>\n";
}

std::string shortened(const std::string& text, size_t limit) {
  size_t characters = 0, cut = 0;
  for (size_t i = 0; i < text.size(); ++i) {
    const bool begins = (static_cast<unsigned char>(text[i]) & 0xc0) != 0x80;
    if (!begins) continue;
    if (characters + 1 == limit) cut = i;
    if (++characters > limit) return text.substr(0, cut) + "…";
  }
  return text;
}

}  // namespace mtl::svg
