#include "framework/train/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace mtl {

double learning_rate_share(const ScheduleSettings& settings, int64_t step, int64_t steps_per_epoch, int64_t epochs) {
  const auto warmup = static_cast<int64_t>(std::llround(settings.warmup_epochs * static_cast<double>(steps_per_epoch)));
  if (step < warmup) return static_cast<double>(step + 1) / static_cast<double>(warmup);
  if (settings.kind == "step")
    return std::pow(settings.step_factor, static_cast<double>(step / steps_per_epoch / settings.step_epochs));
  if (settings.kind == "cosine") {
    const int64_t last = std::max<int64_t>(1, steps_per_epoch * epochs - 1 - warmup);
    const double progress = std::min(1.0, static_cast<double>(step - warmup) / static_cast<double>(last));
    return settings.final_share + (1 - settings.final_share) * 0.5 * (1 + std::cos(std::numbers::pi * progress));
  }
  return 1;
}

}  // namespace mtl
