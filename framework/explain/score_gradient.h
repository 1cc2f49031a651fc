#pragma once

#include <ATen/core/Tensor.h>

#include "framework/model/guarded_head.h"

namespace mtl {

/// scores [N] -> their derivatives by `input` [N,...], which they were computed from: no tensor where they do not
/// depend on it. In evaluation mode no picture reaches another's score, so one backward pass serves all N. Throws
/// mtl::Error that names the head for what a plugin's backward pass does wrong.
at::Tensor score_gradient(const at::Tensor& scores, const at::Tensor& input, const GuardedHead& head);

}  // namespace mtl
