#pragma once

#include <chrono>
#include <cstdint>

#include "framework/config/checkpoint_interval.h"

namespace mtl {

/// Says when a checkpoint is due. Steps and epochs are counted from the start of training, so that a resumed one writes
/// the same checkpoints; time runs from the last one.
class CheckpointClock {
 public:
  explicit CheckpointClock(const CheckpointInterval& interval) : interval_(interval) { restart(); }
  bool is_due_after_step(int64_t steps) const;    ///< `steps` were made so far
  bool is_due_after_epoch(int64_t epochs) const;  ///< `epochs` were finished so far
  void restart();                                 ///< one was written now

 private:
  bool is_time() const;

  CheckpointInterval interval_;
  std::chrono::steady_clock::time_point last_;
};

}  // namespace mtl
