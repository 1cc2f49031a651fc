#include "framework/report/page/number_text.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <system_error>

namespace mtl {
namespace {

constexpr const char* none = "–";

/// With U+2212 for the sign: a hyphen is too short to be seen, and lines break after it.
std::string with_minus(const std::string& text) { return text.front() == '-' ? "−" + text.substr(1) : text; }

template <class... Format>
std::string converted(double value, Format... format) {
  char text[400];  // fixed notation of the largest double has 309 digits before the point
  const auto [end, error] = std::to_chars(text, text + sizeof text, value, format...);
  return error == std::errc() ? std::string(text, end) : std::string();
}

std::string fixed_ascii(double value, int digits) {
  const std::string text = converted(value, std::chars_format::fixed, digits);
  const bool is_zero = text.find_first_of("123456789") == std::string::npos;
  return is_zero && text.front() == '-' ? text.substr(1) : text;  // no "-0.00"
}

}  // namespace

std::string fixed_text(double value, int digits) {
  return std::isfinite(value) ? with_minus(fixed_ascii(value, digits)) : none;
}

std::string general_text(double value, int digits) {
  return std::isfinite(value) ? with_minus(converted(value, std::chars_format::general, digits)) : none;
}

std::string share_text(double share) { return std::isfinite(share) ? fixed_text(100 * share, 2) + " %" : none; }

std::string points_text(double difference) {
  const std::string text = fixed_text(100 * difference, 2);
  return difference > 0 && std::isfinite(difference) && text != "0.00" ? "+" + text : text;
}

std::string points_interval_text(double low, double high) {
  if (std::isnan(low) || std::isnan(high)) return none;
  return "[" + points_text(low) + ", " + points_text(high) + "]";
}

std::string p_text(double p) {
  if (!std::isfinite(p)) return none;
  return p < 0.001 ? "< 0.001" : fixed_text(p, 3);
}

std::string count_text(int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string elapsed_text(double seconds) {
  if (!std::isfinite(seconds)) return none;
  const auto whole = static_cast<int64_t>(std::max(0.0, seconds) + 0.5), minutes = whole / 60;
  if (minutes >= 60) return std::to_string(minutes / 60) + " h " + std::to_string(minutes % 60) + " min";
  return (minutes > 0 ? std::to_string(minutes) + " min " : "") + std::to_string(whole % 60) + " s";
}

std::string exact_text(double value) { return std::isnan(value) ? "" : converted(value); }

std::string spaced(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

}  // namespace mtl
