#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "mtl/features.h"

namespace mtl {

/// N images with what is known of them; T tasks in the model's order.
struct Batch {
  at::Tensor images;                 ///< [N,3,S,S] float, normalized, channels-last; undefined where there are features
  std::optional<Features> features;  ///< what a backbone that does not learn made of the images
  std::vector<size_t> rows;          ///< [N] of the sample table
  std::vector<at::Tensor> targets;   ///< [T] of [N,...]; anything where not labelled
  std::vector<at::Tensor> labelled;  ///< [T] of [N] bool; false too where the task is masked for an augmentation
  std::vector<bool> any_labelled;    ///< [T]
  std::vector<bool> readable;        ///< [N]; false where another image stands in, without a label. Empty: all are
  double own_share = 1;              ///< of each image in its mixture with the one in the mirrored place (mix_batch)

  int64_t size() const { return static_cast<int64_t>(rows.size()); }
  void to(const at::Device& device);
  /// The tensors' rows at these places.
  void select(const std::vector<int64_t>& places);
  /// Takes the rows away that are not readable; false where none is left.
  bool keep_readable();
};

/// Part `part` of `parts`, or of as many as have two images each. Each image is in the part of the one in the mirrored
/// place, and mirrored there too.
Batch part_of(const Batch& batch, int64_t part, int64_t parts);
/// How many parts part_of() makes.
int64_t count_parts(const Batch& batch, int64_t parts);

}  // namespace mtl
