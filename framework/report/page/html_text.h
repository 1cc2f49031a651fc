#pragma once

#include <string>
#include <string_view>

namespace mtl {

/// Foreign text (a class name, a path, a message) as HTML that shows it and does nothing else; fit for an element's
/// content and for a quoted attribute. Line breaks and tabs stay. What is no UTF-8, a control character, or a mark that
/// turns the direction of the text after it becomes U+FFFD, one per byte or character.
std::string html_text(std::string_view text);

/// A relative path as the value of href: every byte but letters, digits and "-._~/" percent-encoded, so that no path
/// can be read as a scheme or a query.
std::string href_path(std::string_view path);

}  // namespace mtl
