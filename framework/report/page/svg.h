#pragma once

#include <cstddef>
#include <string>

/// Parts of the drawings on a page. Colours are the page's variables, so that they follow its light or dark scheme.
namespace mtl::svg {

inline constexpr double width = 480;  ///< of every drawing, in its own units: on a narrow screen its text stays legible

std::string number(double value);  ///< two decimals are a hundredth of a pixel

enum class Anchor { start, middle, end };
std::string text(double x, double y, Anchor anchor, const std::string& content, const char* css_class = "tick");
std::string line(double x1, double y1, double x2, double y2, const std::string& css_class);

/// The mark of series `look`: 8 shapes in 8 colours, so that 64 series differ.
std::string mark(double x, double y, size_t look);
/// CSS classes of colour and stroke: "c3 d1". Dash 0 is a solid line.
std::string look_classes(size_t look, size_t dash);

/// <svg> with a title and a description for those who cannot see it. `id` is unique on the page.
std::string picture(const std::string& id, const std::string& title, const std::string& description, double height,
                    const std::string& content);

/// Cut to `limit` characters (not bytes), with an ellipsis.
std::string shortened(const std::string& text, size_t limit);

}  // namespace mtl::svg
