#pragma once

#include <cstddef>
#include <vector>

#include "mtl/figures.h"

namespace mtl {

/// Which of some pictures go with a model, by what its main task says of each: the surest of every class that occurs,
/// then the second surest of every class, and so on, up to `most`. Classes come in the order of their names; of equally
/// sure pictures the first. A picture whose head states no probability counts as unsure.
std::vector<size_t> golden_choice(const std::vector<Prediction>& predictions, size_t most);

}  // namespace mtl
