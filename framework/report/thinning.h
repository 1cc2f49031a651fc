#pragma once

#include <cstddef>
#include <vector>

/// Which of many points are shown where not all of them can be seen or read.
namespace mtl {

/// At most `most` (from 2) of the indexes 0 .. count - 1, evenly apart, the first and the last among them.
std::vector<size_t> even_indexes(size_t count, size_t most);

/// At most `most` (from 4) of the values' indexes, in their order: of each of `most` / 4 stretches the first, the
/// lowest, the highest and the last, so that a line through them shows every peak (M4; Jugel et al., VLDB 2014). The
/// values are finite.
std::vector<size_t> indexes_with_extremes(const std::vector<double>& values, size_t most);

}  // namespace mtl
