#pragma once

#include "framework/bundle/bundle_json.h"
#include "framework/config/run_config.h"
#include "framework/model/multi_task_model.h"

namespace mtl {

/// What a model and its configuration say: tasks (without their columns), preprocessing. The rest stays empty.
BundleFacts facts_of(const RunConfig& config, MultiTaskModel& model);

/// Throws mtl::Error where a bundle.json tells of other tasks, classes or preprocessing than config.toml and the
/// plugins do.
void require_same_model(const BundleFacts& stated, const BundleFacts& found);

}  // namespace mtl
