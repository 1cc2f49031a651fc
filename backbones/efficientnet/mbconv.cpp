#include "backbones/efficientnet/mbconv.h"

#include <algorithm>
#include <string>
#include <utility>

namespace efficientnet {
namespace {

/// torchvision keeps a block's parts in a Sequential called "block", under their running number.
class Numbered : public torch::nn::Module {
 public:
  template <class Part>
  std::shared_ptr<Part> add(std::shared_ptr<Part> part) {
    return register_module(std::to_string(next_++), std::move(part));
  }

 private:
  int next_ = 0;
};

}  // namespace

MBConv::MBConv(const BlockShape& shape, const LayerSettings& settings, double drop_probability)
    : has_residual_(shape.stride == 1 && shape.in_channels == shape.out_channels), drop_probability_(drop_probability) {
  const int64_t inner = shape.in_channels * shape.expansion;
  const int64_t squeezed = std::max<int64_t>(1, shape.in_channels / 4);
  const auto block = register_module("block", std::make_shared<Numbered>());
  if (shape.expansion != 1)
    expand_ =
        block->add(std::make_shared<ConvNormActivation>(ConvolutionShape{shape.in_channels, inner}, settings, true));
  depthwise_ = block->add(std::make_shared<ConvNormActivation>(
      ConvolutionShape{inner, inner, shape.kernel, shape.stride, /*groups=*/inner}, settings, true));
  excite_ = block->add(std::make_shared<SqueezeExcitation>(inner, squeezed));
  project_ =
      block->add(std::make_shared<ConvNormActivation>(ConvolutionShape{inner, shape.out_channels}, settings, false));
}

at::Tensor MBConv::forward(const at::Tensor& x) {
  const at::Tensor expanded = expand_ ? expand_->forward(x) : x;
  const at::Tensor y = project_->forward(excite_->forward(depthwise_->forward(expanded)));
  if (!has_residual_) return y;
  const at::Tensor depth = draw_depth(x.size(0), x.device());
  return x + (depth.defined() ? y * depth.view({-1, 1, 1, 1}).to(y.dtype()) : y);
}

fused::Block MBConv::fused(const kernels::Kernels& with, ConvNormActivation* stem) const {
  fused::Block block;
  block.kernels = &with;
  if (expand_) {
    block.entry_kind = fused::Entry::expand;
    block.entry = expand_->parts();
  } else if (stem) {
    block.entry_kind = fused::Entry::stem;
    block.entry = stem->parts();
  }
  block.depthwise = depthwise_->parts();
  block.reduce = excite_->reduce();
  block.excite = excite_->expand();
  block.project = project_->parts();
  block.has_residual = has_residual_;
  return block;
}

at::Tensor MBConv::draw_depth(int64_t samples, const at::Device& device) const {
  if (!is_training() || !has_residual_ || drop_probability_ == 0) return {};
  const double kept = 1 - drop_probability_;
  // float32 whatever the activations are, so that a precision does not change which samples are dropped
  return torch::empty({samples}, torch::TensorOptions(device).dtype(torch::kFloat32)).bernoulli_(kept).div_(kept);
}

}  // namespace efficientnet
