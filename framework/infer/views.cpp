#include "framework/infer/views.h"

#include <ATen/ops/flip.h>
#include <ATen/ops/rot90.h>

namespace mtl {
namespace {

/// What changes no answer of a head. A half turn is both flips one after the other.
struct Symmetries {
  bool left_right, upside_down, quarter_turns;

  bool hold_for(const View& view) const {
    const bool is_half_turn = view.quarter_turns == 2;
    if (!view.is_flipped)
      return view.quarter_turns == 0 || quarter_turns || (is_half_turn && left_right && upside_down);
    if (quarter_turns) return left_right || upside_down;
    return view.quarter_turns == 0 ? left_right : is_half_turn && upside_down;
  }
};

}  // namespace

std::vector<View> views_of(const GuardedHead& head) {
  const Symmetries symmetries{head.survives(Augmentation::horizontal_flip), head.survives(Augmentation::vertical_flip),
                              head.survives(Augmentation::quarter_turn)};
  std::vector<View> views;
  for (const bool is_flipped : {false, true})
    for (int turns = 0; turns < 4; ++turns)
      if (const View view{is_flipped, turns}; symmetries.hold_for(view)) views.push_back(view);
  return views;
}

at::Tensor seen_as(const at::Tensor& images, const View& view) {
  const at::Tensor flipped = view.is_flipped ? at::flip(images, {3}) : images;
  return view.quarter_turns == 0 ? flipped : at::rot90(flipped, view.quarter_turns, {2, 3});
}

}  // namespace mtl
