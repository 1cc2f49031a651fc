#include "backbones/efficientnet/inference/plan.h"

#include <algorithm>

namespace efficientnet::inference {

using kernels::padded;

template <class T>
Plan plan_for(const kernels::KernelsOf<T>& with, const std::vector<FoldedBlock>& blocks, const FoldedConvolution& last,
              int64_t height, int64_t width) {
  Plan plan;
  plan.height = plan.map_height = height;
  plan.width = plan.map_width = width;
  plan.workspace_floats = with.inference.product_workspace(last.k);
  for (const FoldedBlock& block : blocks) {
    if (block.entry_kind == fused::Entry::stem) {
      plan.map_height = (plan.map_height + 1) / 2;
      plan.map_width = (plan.map_width + 1) / 2;
    }
    const kernels::DepthwiseShape shape{padded(block.depthwise.n), block.kernel, block.stride, plan.map_height,
                                        plan.map_width};
    plan.map_height = shape.out_height();
    plan.map_width = shape.out_width();
    const int64_t pixels = plan.map_height * plan.map_width;
    plan.shapes.push_back(shape);
    plan.largest_output = std::max(plan.largest_output, pixels * padded(block.project.n));
    plan.largest_inside = std::max(plan.largest_inside, pixels * shape.channels);
    plan.channels = std::max(plan.channels, shape.channels);
    plan.workspace_floats = std::max({plan.workspace_floats, with.inference.convolve_workspace(shape, block.entry.k),
                                      with.inference.excite_workspace(shape.channels, block.squeezed),
                                      with.inference.product_workspace(block.project.k)});
  }
  return plan;
}

template Plan plan_for(const kernels::KernelsOf<float>&, const std::vector<FoldedBlock>&, const FoldedConvolution&,
                       int64_t, int64_t);
template Plan plan_for(const kernels::KernelsOf<kernels::bfloat16>&, const std::vector<FoldedBlock>&,
                       const FoldedConvolution&, int64_t, int64_t);

}  // namespace efficientnet::inference
