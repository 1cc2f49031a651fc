#pragma once

#include "framework/cli/compose.h"
#include "framework/report/run_record.h"

namespace mtl {

/// Digests of a run before its first step; the training loader is asked for its first batch.
RunDigests digests_of(const RunConfig& config, RunParts& parts);

/// What features that are kept for other runs depend on, as a digest: backbone, images, order and device.
std::string features_key(const RunConfig& config, const RunParts& parts);

}  // namespace mtl
