#pragma once

#include <ATen/core/Tensor.h>

namespace mtl {

/// What a backbone makes of a batch of images; every head reads the same one.
struct Features {
  at::Tensor map;     ///< [N,C,h,w] float: the last feature map, channels-last
  at::Tensor pooled;  ///< [N,F] float: the map's average over h,w, after the backbone's drop-out
};

/// The sizes a head needs to build its layers.
struct FeatureShape {
  int64_t map_channels = 0;  ///< C of Features::map
  int64_t width = 0;         ///< F of Features::pooled
};

}  // namespace mtl
