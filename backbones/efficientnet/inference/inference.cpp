#include "backbones/efficientnet/inference/inference.h"

#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace efficientnet::inference {
namespace {

template <class T>
fused::LastFeatures run(std::unique_ptr<Engine<T>>& engine, const kernels::KernelsOf<T>& with,
                        const std::vector<fused::Block>& blocks, const fused::NormedConvolution& last,
                        const at::Tensor& images) {
  if (!engine) engine = std::make_unique<Engine<T>>(with, blocks, last);
  return engine->run(images);
}

}  // namespace

Inference::Inference(const kernels::Kernels& with, const std::vector<fused::Block>& blocks,
                     const fused::NormedConvolution& last)
    : with_(with), blocks_(blocks), last_(last) {
  for (const fused::Block& block : blocks)
    for (const fused::NormedConvolution& part : {block.entry, block.depthwise, block.project})
      if (part.convolution) convolutions_.push_back(part);
  convolutions_.push_back(last);
}

bool Inference::is_possible() const {
  return !at::GradMode::is_enabled() &&
         std::none_of(convolutions_.begin(), convolutions_.end(),
                      [](const fused::NormedConvolution& part) { return part.norm->is_training(); });
}

void Inference::forget_if_changed() {
  size_t next = 0;
  bool changed = false;
  const auto look = [&](const at::Tensor& tensor) {
    const Version now{tensor.data_ptr(), tensor.unsafeGetTensorImpl()->version_counter().current_version()};
    if (next == versions_.size()) versions_.push_back({});
    if (!(versions_[next] == now)) {
      versions_[next] = now;
      changed = true;
    }
    ++next;
  };
  for (const fused::NormedConvolution& part : convolutions_) {
    look(part.convolution->weight);
    look(part.norm->weight);
    look(part.norm->bias);
    look(part.norm->running_mean);
    look(part.norm->running_var);
  }
  for (const fused::Block& block : blocks_)
    for (const torch::nn::Conv2dImpl* part : {block.reduce, block.excite}) {
      look(part->weight);
      look(part->bias);
    }
  if (!changed) return;
  in_float32_.reset();
  in_bfloat16_.reset();
}

fused::LastFeatures Inference::forward(const at::Tensor& images, at::ScalarType storage) {
  forget_if_changed();
  return storage == at::kBFloat16 ? run(in_bfloat16_, with_.in_bfloat16, blocks_, last_, images)
                                  : run(in_float32_, with_.in_float32, blocks_, last_, images);
}

}  // namespace efficientnet::inference
