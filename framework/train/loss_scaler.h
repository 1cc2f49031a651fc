#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <vector>

#include "framework/model/multi_task_model.h"

namespace mtl {

/// Keeps float16 gradients from vanishing: the loss is multiplied by a power of two before backward and the gradients
/// divided by it after. A step with an infinite gradient is left out and halves the scale; 2000 good ones in a row
/// double it (Micikevicius et al., ICLR 2018). Where it is not active the scale is 1 and every step is taken.
class LossScaler {
 public:
  explicit LossScaler(bool active) : scale_(active ? 65536 : 1), active_(active) {}
  double scale() const { return scale_; }
  bool is_active() const { return active_; }
  /// Divides the gradients by the scale; false where the step must be left out.
  bool unscale(const std::vector<NamedTensor>& parameters);

  std::vector<NamedTensor> state() const;
  void load_state(const std::vector<NamedTensor>& state);

 private:
  double scale_;
  bool active_;
  int64_t good_steps_ = 0;
};

}  // namespace mtl
