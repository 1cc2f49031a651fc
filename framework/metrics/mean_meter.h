#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "framework/model/named_tensor.h"

namespace mtl {

/// The mean over samples of a quantity that arrives batch by batch. Sums stay on the device, in double precision where
/// it has it; only value() waits for them.
class MeanMeter {
 public:
  /// values [N] and which of them count [N] bool.
  void add(const at::Tensor& values, const at::Tensor& counted);
  double value() const;  ///< NaN over nothing
  void reset();

  /// "NAME.sum" and "NAME.count"; nothing where nothing was added.
  std::vector<NamedTensor> state(const std::string& name) const;
  /// Continues from them; begins anew where they are not there. Sums go to `device`.
  void load_state(const std::string& name, const std::vector<NamedTensor>& state, const at::Device& device);

 private:
  at::Tensor sum_, count_;
};

}  // namespace mtl
