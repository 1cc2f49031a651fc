#pragma once

#include <opencv2/core/mat.hpp>

#include "framework/config/run_config.h"
#include "framework/support/random.h"
#include "mtl/augmentation.h"

namespace mtl {

struct Augmented {
  cv::Mat image;            ///< CV_8UC3, size x size
  AugmentationSet applied;  ///< what changed this image
};

/// An image (CV_8UC3, as fit() gives it) changed at random. The draws come in a fixed order from the generator alone,
/// so that a sample's fate depends on nothing but its seed.
Augmented augment(const cv::Mat& image, const AugmentSettings& settings, int size, Generator generator);

/// Which augmentations the settings turn on.
AugmentationSet configured_augmentations(const AugmentSettings& settings);

}  // namespace mtl
