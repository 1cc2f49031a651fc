#include "framework/train/checkpoint_clock.h"

namespace mtl {

bool CheckpointClock::is_due_after_step(int64_t steps) const {
  return interval_.unit == IntervalUnit::steps ? steps % interval_.count == 0 : is_time();
}

bool CheckpointClock::is_due_after_epoch(int64_t epochs) const {
  return interval_.unit == IntervalUnit::epochs ? epochs % interval_.count == 0 : is_time();
}

void CheckpointClock::restart() { last_ = std::chrono::steady_clock::now(); }

bool CheckpointClock::is_time() const {
  return interval_.unit == IntervalUnit::seconds &&
         std::chrono::steady_clock::now() - last_ >= std::chrono::seconds(interval_.count);
}

}  // namespace mtl
