#pragma once

#include <cstdint>

namespace mtl {

/// McNemar's test (1947) of two classifiers on the same images, from the images on which they differ.
struct McNemar {
  int64_t better = 0, worse = 0;  ///< images that only the one, only the other has right
  double p = 1;                   ///< two-sided
  bool is_exact = true;           ///< binomial; chi-square with continuity correction (Edwards 1948) beyond 1000 images
};

McNemar mcnemar(int64_t better, int64_t worse);

}  // namespace mtl
