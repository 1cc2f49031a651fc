#include "framework/study/statistics/holm.h"

#include <algorithm>
#include <cmath>

namespace mtl {
namespace {

std::vector<size_t> members_by_p(const std::vector<double>& p) {
  std::vector<size_t> members;
  for (size_t i = 0; i < p.size(); ++i)
    if (!std::isnan(p[i])) members.push_back(i);
  std::stable_sort(members.begin(), members.end(), [&](size_t a, size_t b) { return p[a] < p[b]; });
  return members;
}

}  // namespace

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<double> adjusted = p;
  const std::vector<size_t> members = members_by_p(p);
  double largest_so_far = 0;
  for (size_t rank = 0; rank < members.size(); ++rank) {
    const auto not_yet_rejected = static_cast<double>(members.size() - rank);
    largest_so_far = std::max(largest_so_far, std::min(1.0, not_yet_rejected * p[members[rank]]));
    adjusted[members[rank]] = largest_so_far;
  }
  return adjusted;
}

}  // namespace mtl
