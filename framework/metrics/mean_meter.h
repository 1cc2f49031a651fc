#pragma once

#include <ATen/core/Tensor.h>

namespace mtl {

/// The mean over samples of a quantity that arrives batch by batch. Sums stay on the device, in double precision where
/// it has it; only value() waits for them.
class MeanMeter {
 public:
  /// values [N] and which of them count [N] bool.
  void add(const at::Tensor& values, const at::Tensor& counted);
  double value() const;  ///< NaN over nothing
  void reset();

 private:
  at::Tensor sum_, count_;
};

}  // namespace mtl
