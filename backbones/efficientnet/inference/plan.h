#pragma once

#include <vector>

#include "backbones/efficientnet/inference/folded_block.h"

namespace efficientnet::inference {

/// What images of one size ask for: every block's shape, and the memory that is enough for all blocks.
struct Plan {
  int64_t height = 0;  ///< of the images
  int64_t width = 0;
  std::vector<kernels::DepthwiseShape> shapes;
  int64_t map_height = 0;
  int64_t map_width = 0;
  int64_t largest_output = 0;    ///< values between two blocks
  int64_t largest_inside = 0;    ///< values inside a block, behind its depthwise convolution
  int64_t channels = 0;          ///< of the widest block
  int64_t workspace_floats = 0;  ///< of one thread
};

template <class T>
Plan plan_for(const kernels::KernelsOf<T>& with, const std::vector<FoldedBlock>& blocks, const FoldedConvolution& last,
              int64_t height, int64_t width);

}  // namespace efficientnet::inference
