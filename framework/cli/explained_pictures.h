#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "framework/cli/explanation_files.h"
#include "framework/config/run_config.h"
#include "framework/explain/explainer.h"
#include "framework/explain/pointing.h"
#include "framework/infer/picture_list.h"
#include "framework/support/worker_pool.h"

namespace mtl {

struct PictureSettings {
  std::string task;
  InputSettings input;
  int64_t max_pixels;
  std::string mask_suffix;  ///< "": no masks
};

struct ExplainedCounts {
  int64_t explained = 0, unreadable = 0;
  int64_t without_mask = 0;  ///< missing, damaged, or without a marked pixel
  PointingGame pointing;
};

/// Explains pictures a few at a time, in their order; one that cannot be read is told in the files and stops nothing.
/// With masks, files whose name ends in the suffix are masks and no pictures, and a mask that cannot be read is told
/// as pictures are. Stops early where `stop` says so.
ExplainedCounts explain_pictures(const NextPicture& next, Explainer& explainer, WorkerPool& pool,
                                 const PictureSettings& settings, ExplanationFiles& files,
                                 const std::function<bool()>& stop);

}  // namespace mtl
