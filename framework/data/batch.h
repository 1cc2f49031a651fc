#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace mtl {

/// N images with what is known of them; T tasks in the model's order.
struct Batch {
  at::Tensor images;                 ///< [N,3,S,S] float, normalized, channels-last
  std::vector<size_t> rows;          ///< [N] of the sample table
  std::vector<at::Tensor> targets;   ///< [T] of [N,...]; anything where not labelled
  std::vector<at::Tensor> labelled;  ///< [T] of [N] bool; false too where the task is masked for an augmentation
  std::vector<bool> any_labelled;    ///< [T]

  void to(const at::Device& device);
};

}  // namespace mtl
