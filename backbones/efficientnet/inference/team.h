#pragma once

#include <algorithm>
#include <functional>

#include "backbones/efficientnet/kernels/inference.h"
#include "mtl/parallel.h"

namespace efficientnet::inference {

/// The threads that share an image, and how its work is split among them.
struct Team {
  int first;
  int size;

  /// Calls body(member) for member = 0 .. size-1, each in a thread of its own, and waits for all.
  template <class Body>
  void each(const Body& body) const {
    if (size == 1)
      body(0);
    else
      mtl::over_slots(size, std::ref(body));  // a reference, because std::function would take memory for a copy
  }
};

inline kernels::Range share(int64_t work, int member, const Team& team) {
  const mtl::Share part = mtl::share_of(work, member, team.size);
  return {part.begin, part.end};
}

inline int64_t channel_steps(int64_t channels) { return (channels + kernels::pack_step - 1) / kernels::pack_step; }

inline kernels::Range channel_share(int64_t channels, int member, const Team& team) {
  const kernels::Range steps = share(channel_steps(channels), member, team);
  return {steps.begin * kernels::pack_step, std::min(channels, steps.end * kernels::pack_step)};
}

inline kernels::InferencePart part_by_rows(int64_t rows, int64_t channels, int member, const Team& team) {
  return {share(rows, member, team), {0, channels}};
}

inline kernels::InferencePart part_by_channels(int64_t rows, int64_t channels, int member, const Team& team) {
  return {{0, rows}, channel_share(channels, member, team)};
}

/// The largest member's share of the work, when `pieces` are dealt out.
inline double largest_share(int64_t pieces, const Team& team) {
  return static_cast<double>((pieces + team.size - 1) / team.size) / static_cast<double>(pieces);
}

}  // namespace efficientnet::inference
