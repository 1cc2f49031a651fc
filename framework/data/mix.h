#pragma once

#include <cstdint>

#include "framework/config/run_config.h"
#include "framework/support/random.h"
#include "mtl/augmentation.h"

namespace mtl {

/// What became of a batch: each image i is mixed with image N-1-i, and its own share is `own_share`.
struct Mix {
  double own_share = 1;         ///< 0..1; 1: nothing was mixed
  AugmentationSet applied = 0;  ///< mixup or cutmix, or neither
};

/// pixels [count, side, side, 3] -> a mixture of each image with the one in the mirrored place, by mixup (Zhang et al.,
/// ICLR 2018: a weighted sum) or cutmix (Yun et al., ICCV 2019: a rectangle of the other), whichever is on, or one of
/// both by a toss. The share is drawn from Beta(x, x), x being the setting; with cutmix it is what the rectangle
/// leaves.
Mix mix_batch(float* pixels, int64_t count, int64_t side, const AugmentSettings& settings, Generator generator);

}  // namespace mtl
