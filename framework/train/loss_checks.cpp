#include "framework/train/loss_checks.h"

#include <cmath>
#include <string>

#include "mtl/error.h"

namespace mtl {
namespace {

[[noreturn]] void fail(const GuardedHead& head, double loss, const std::string& when, bool after_a_step) {
  throw Error("the loss of " + head.who() + " is " + std::to_string(loss) + " in " + when +
              (after_a_step
                   ? "; lower train.optimizer.learning_rate, raise train.schedule.warmup_epochs or set train.clip_norm"
                   : ", before any step: its loss() or its labels are at fault"));
}

}  // namespace

void require_finite(const std::vector<GuardedHead>& heads, const std::vector<TaskLoss>& losses,
                    const LossPlace& place) {
  for (size_t k = 0; k < losses.size(); ++k)
    if (const auto loss = losses[k].mean.item<double>(); !std::isfinite(loss))
      fail(heads[k], loss, "epoch " + std::to_string(place.epoch) + ", batch " + std::to_string(place.batch),
           place.after_a_step);
}

void require_finite(const std::vector<GuardedHead>& heads, size_t main_task, const EpochResult& result) {
  for (size_t k = 0; k < heads.size(); ++k) {
    const double loss = result.train_losses[k];
    if (std::isinf(loss) || (std::isnan(loss) && k == main_task))
      fail(heads[k], loss, "epoch " + std::to_string(result.epoch), true);
  }
}

bool is_time_to_look(const at::Device& device, int64_t batch) { return device.is_cpu() || batch % 32 == 0; }

}  // namespace mtl
