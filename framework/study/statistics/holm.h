#pragma once

#include <vector>

namespace mtl {

/// p-values adjusted for being a family (Holm 1979), in the order given: each may be compared with 0.05 and the chance
/// of one false finding in the family stays below that. NaN stays NaN and does not count as a member.
std::vector<double> holm(const std::vector<double>& p);

}  // namespace mtl
