#include "framework/config/checkpoint_interval.h"

#include <charconv>
#include <map>

namespace mtl {

std::optional<CheckpointInterval> parse_interval(const std::string& text) {
  constexpr int64_t most = 1'000'000'000;
  static const std::map<std::string, CheckpointInterval> units{
      {"s", {1, IntervalUnit::seconds}},    {"min", {60, IntervalUnit::seconds}}, {"h", {3600, IntervalUnit::seconds}},
      {"step", {1, IntervalUnit::steps}},   {"steps", {1, IntervalUnit::steps}},  {"epoch", {1, IntervalUnit::epochs}},
      {"epochs", {1, IntervalUnit::epochs}}};
  const size_t digits = text.find_first_not_of("0123456789");
  if (digits == 0 || digits == std::string::npos) return {};
  int64_t count = 0;
  if (std::from_chars(text.data(), text.data() + digits, count).ec != std::errc{} || count < 1 || count > most)
    return {};
  const size_t word = text.find_first_not_of(' ', digits);
  const auto unit = word == std::string::npos ? units.end() : units.find(text.substr(word));
  if (unit == units.end()) return {};
  return CheckpointInterval{count * unit->second.count, unit->second.unit};
}

}  // namespace mtl
