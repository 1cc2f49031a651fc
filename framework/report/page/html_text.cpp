#include "framework/report/page/html_text.h"

#include <cstdint>

namespace mtl {
namespace {

constexpr std::string_view replacement = "\xef\xbf\xbd";

struct Character {
  uint32_t code;
  size_t bytes;  // 0: the bytes are no UTF-8
};

/// The character at the start of `text`, which is not empty. Overlong forms and surrogates are no UTF-8 (RFC 3629).
Character first_character(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t lead = byte(0);
  if (lead < 0x80) return {lead, 1};
  const size_t bytes = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || text.size() < bytes) return {0, 0};
  uint32_t code = lead & (0xffu >> (bytes + 1));
  for (size_t i = 1; i < bytes; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {0, 0};
    code = code << 6 | (byte(i) & 0x3fu);
  }
  const bool is_overlong = (bytes == 3 && code < 0x800) || (bytes == 4 && code < 0x10000);
  if (is_overlong || (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff) return {0, 0};
  return {code, bytes};
}

bool is_control(uint32_t code) {
  return (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7f && code < 0xa0);
}

bool turns_direction(uint32_t code) {
  return code == 0x200e || code == 0x200f || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
}

bool is_noncharacter(uint32_t code) { return (code & 0xfffe) == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef); }

}  // namespace

std::string html_text(std::string_view text) {
  std::string html;
  html.reserve(text.size());
  while (!text.empty()) {
    const auto [code, bytes] = first_character(text);
    if (bytes == 0 || is_control(code) || turns_direction(code) || is_noncharacter(code))
      html += replacement;
    else if (code == '&')
      html += "&amp;";
    else if (code == '<')
      html += "&lt;";
    else if (code == '>')
      html += "&gt;";
    else if (code == '"')
      html += "&quot;";
    else if (code == '\'')
      html += "&#39;";
    else
      html += text.substr(0, bytes);
    text.remove_prefix(bytes == 0 ? 1 : bytes);
  }
  return html;
}

std::string href_path(std::string_view path) {
  constexpr std::string_view digits = "0123456789ABCDEF", plain = "-._~/";
  std::string href = "./";
  for (char c : path) {
    const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                          plain.find(c) != std::string_view::npos;
    const auto byte = static_cast<uint8_t>(c);
    if (is_plain)
      href += c;
    else
      href += {'%', digits[byte >> 4], digits[byte & 15]};
  }
  return href;
}

}  // namespace mtl
