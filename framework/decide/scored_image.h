#pragma once

#include <cstddef>

namespace mtl {

/// One labelled image as limits see it.
struct ScoredImage {
  double defect_probability;  ///< 0..1, after temperature
  bool is_normal;             ///< its true class is a normal one
  size_t part;                ///< images of one part, i.e. of one group, have the same number
};

}  // namespace mtl
