#pragma once

#include <vector>

namespace mtl {

/// The two-sided p of the sign-flip permutation test (Fisher 1935) of paired differences: the share of all 2^n choices
/// of signs whose sum is as far from 0 as the observed one or farther. Exact up to 20 pairs, from 100 000 drawn choices
/// beyond (the observed one counted in). NaN over no pair, or where a difference is NaN.
double sign_flip_p(const std::vector<double>& differences);

}  // namespace mtl
