#pragma once

#include <cstdint>

#include "framework/config/run_config.h"

namespace mtl {

/// The learning rate of optimizer step `step` (from 0) as a share of the configured one: linear warm-up from
/// 1/warm-up steps to 1, then constant, stepwise, or half a cosine down to final_share at the last step (Loshchilov and
/// Hutter, ICLR 2017).
double learning_rate_share(const ScheduleSettings& settings, int64_t step, int64_t steps_per_epoch, int64_t epochs);

}  // namespace mtl
