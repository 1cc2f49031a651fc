#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "framework/model/guarded_head.h"

namespace mtl {

/// A square picture flipped and turned: one of eight.
struct View {
  bool is_flipped = false;  ///< from left to right, before the turn
  int quarter_turns = 0;    ///< 0..3

  bool operator==(const View&) const = default;
};

inline constexpr View as_it_is{};

/// The picture as it is, then the other views that change no answer of this head, by what it says its labels survive.
std::vector<View> views_of(const GuardedHead& head);

/// images [N,3,size,size] -> the same, seen so.
at::Tensor seen_as(const at::Tensor& images, const View& view);

}  // namespace mtl
