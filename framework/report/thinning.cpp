#include "framework/report/thinning.h"

#include <algorithm>
#include <numeric>

namespace mtl {
namespace {

std::vector<size_t> all_indexes(size_t count) {
  std::vector<size_t> indexes(count);
  std::iota(indexes.begin(), indexes.end(), size_t{0});
  return indexes;
}

}  // namespace

std::vector<size_t> even_indexes(size_t count, size_t most) {
  if (count <= most) return all_indexes(count);
  std::vector<size_t> indexes;
  for (size_t i = 0; i < most; ++i) indexes.push_back(i * (count - 1) / (most - 1));
  return indexes;
}

std::vector<size_t> indexes_with_extremes(const std::vector<double>& values, size_t most) {
  if (values.size() <= most) return all_indexes(values.size());
  const size_t stretches = most / 4;
  std::vector<size_t> indexes;
  for (size_t s = 0; s < stretches; ++s) {
    const size_t begin = s * values.size() / stretches, end = (s + 1) * values.size() / stretches;
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(begin);
    const auto [low, high] = std::minmax_element(first, values.begin() + static_cast<std::ptrdiff_t>(end));
    std::vector<size_t> kept{begin, static_cast<size_t>(low - values.begin()),
                             static_cast<size_t>(high - values.begin()), end - 1};
    std::sort(kept.begin(), kept.end());
    kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
    indexes.insert(indexes.end(), kept.begin(), kept.end());
  }
  return indexes;
}

}  // namespace mtl
