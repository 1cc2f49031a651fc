#pragma once

#include <memory>

#include "framework/config/run_config.h"
#include "framework/data/image_source.h"
#include "framework/data/manifest.h"
#include "framework/support/worker_pool.h"

namespace mtl {

/// A table of samples and where their pixels come from.
struct Dataset {
  SampleTable table;
  bool has_splits;
  std::unique_ptr<ImageSource> images;
};

/// The synthetic parts or the manifest's images.
Dataset open_dataset(const DataSettings& settings);

/// Completes the splits, stratified by a column: all of them where the data names none, validation out of train where
/// only that is missing. Throws mtl::Error where a split stays empty.
void complete_splits(Dataset& dataset, const DataSettings& settings, const std::string& stratify_by);

/// Reads every image once, so that a broken one is found before training. Throws mtl::Error with up
/// to ten sentences, a line each.
void check_images(const Dataset& dataset, class PixelCache& pixels, WorkerPool& workers);

}  // namespace mtl
