#pragma once

#include <memory>
#include <vector>

#include "backbones/efficientnet/inference/engine.h"

namespace efficientnet::inference {

/// A network's forward pass where no gradient is wanted. Its weights are folded at the first call and again whenever a
/// parameter or a statistic has been changed, as LibTorch's version counters tell.
class Inference {
 public:
  /// The modules behind the parts outlive this object.
  Inference(const kernels::Kernels& with, const std::vector<fused::Block>& blocks,
            const fused::NormedConvolution& last);

  /// No gradient is wanted, and every batch-norm takes its running statistics.
  bool is_possible() const;
  /// images [N,3,H,W] float32; activations between the blocks are float32 or bfloat16.
  fused::LastFeatures forward(const at::Tensor& images, at::ScalarType storage);

 private:
  /// Where a tensor's values lie and how often they were written to.
  struct Version {
    const void* values;
    uint32_t number;
    bool operator==(const Version& other) const { return values == other.values && number == other.number; }
  };
  void forget_if_changed();

  const kernels::Kernels& with_;
  const std::vector<fused::Block>& blocks_;
  fused::NormedConvolution last_;
  std::vector<fused::NormedConvolution> convolutions_;  // all of them
  std::vector<Version> versions_;
  std::unique_ptr<Engine<float>> in_float32_;
  std::unique_ptr<Engine<kernels::bfloat16>> in_bfloat16_;
};

}  // namespace efficientnet::inference
