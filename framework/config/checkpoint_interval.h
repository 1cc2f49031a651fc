#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace mtl {

enum class IntervalUnit { seconds, steps, epochs };

struct CheckpointInterval {
  int64_t count = 1;
  IntervalUnit unit = IntervalUnit::epochs;
};

/// "30s", "5min", "2h", "200 steps", "1 epoch", the count being 1 .. 1e9. Nothing where the text is no such interval.
std::optional<CheckpointInterval> parse_interval(const std::string& text);

}  // namespace mtl
